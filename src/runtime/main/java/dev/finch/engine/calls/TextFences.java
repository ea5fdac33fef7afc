package dev.finch.engine.calls;

/**
 * Follows the fences of Markdown in an answer's text: what stands in one is what somebody asked to
 * see. Not thread-safe.
 */
final class TextFences {

  private static final int SHORTEST = 3;

  private enum Line {
    BLANK,
    FENCE,
    LABEL,
    OTHER
  }

  private Line line = Line.BLANK;
  private char mark;
  private int marks;
  private char opened;

  /** The text goes on so. */
  void read(char c) {
    if (c == '\n') {
      end();
      return;
    }
    switch (line) {
      case BLANK -> {
        if (c == '`' || c == '~') {
          mark = c;
          marks = 1;
          line = Line.FENCE;
        } else if (!CharacterKinds.isBlank(c)) {
          line = Line.OTHER;
        }
      }
      case FENCE -> {
        if (c == mark) {
          marks++;
        } else {
          line =
              marks < SHORTEST ? Line.OTHER : CharacterKinds.isBlank(c) ? Line.FENCE : Line.LABEL;
        }
      }
      case LABEL -> line = c == mark ? Line.OTHER : Line.LABEL;
      case OTHER -> {}
    }
  }

  private void end() {
    boolean fence = line == Line.LABEL || (line == Line.FENCE && marks >= SHORTEST);
    if (fence && opened == 0) {
      opened = mark;
    } else if (line == Line.FENCE && fence && opened == mark) {
      opened = 0;
    }
    line = Line.BLANK;
  }

  /** Whether a fence is open that began on an earlier line. */
  boolean isOpen() {
    return opened != 0;
  }
}
