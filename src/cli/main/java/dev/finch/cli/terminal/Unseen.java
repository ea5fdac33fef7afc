package dev.finch.cli.terminal;

import java.lang.Character.UnicodeScript;

/**
 * Characters that nobody sees, and that writing needs in some places: there they pass, elsewhere
 * they hide something. The marks of direction belong to lines with Arabic, Hebrew or other writing
 * from the right; the space without width to scripts without blanks; tags to a flag, at most six
 * and their end; one variation selector to a character. Joiners pass everywhere. One for each
 * stream of text, asked about every character in order. One thread.
 */
final class Unseen {

  private static final int BLACK_FLAG = 0x1f3f4;
  private static final int END_OF_TAGS = 0xe007f;
  private static final int MOST_TAGS = 6;
  private static final int NO_FLAG = -1;

  private int previous;
  private boolean fromTheRight;

  /** How many tags followed a flag that has not ended. */
  private int tags = NO_FLAG;

  /** Whether a character of the basic plane is one of them, here or elsewhere. */
  static boolean mayBe(char c) {
    return c >= 0x61c && (isMark(c) || hides(c) || isSelector(c) || c == '\u200b');
  }

  /** Whether this one is needed, or is none of them. */
  boolean isNeeded(int c, int next) {
    boolean needed = decide(c, next);
    tags = c == BLACK_FLAG ? 0 : needed && isTag(c) && c != END_OF_TAGS ? tags + 1 : NO_FLAG;
    note(c);
    return needed;
  }

  /** A text without any of them has passed. */
  void passed(String text) {
    for (int i = 0; i < text.length(); i++) {
      note(text.charAt(i));
    }
    tags = text.isEmpty() ? tags : NO_FLAG;
  }

  /** Whether it is decided by what follows. */
  static boolean dependsOnNext(int c) {
    return isMark(c);
  }

  private boolean decide(int c, int next) {
    if (c < 0x61c) {
      return true;
    }
    if (isMark(c)) {
      return fromTheRight || isFromTheRight(next);
    }
    if (c == 0x200b) {
      return hasNoBlanks(previous);
    }
    if (isTag(c)) {
      return tags != NO_FLAG && (c == END_OF_TAGS ? tags > 0 : tags < MOST_TAGS && isOfAFlag(c));
    }
    return isSelector(c) ? !isSelector(previous) : !hides(c);
  }

  private void note(int c) {
    previous = c;
    if (c == '\n') {
      fromTheRight = false;
    } else if (c >= 0x590 && !fromTheRight) {
      fromTheRight = isFromTheRight(c);
    }
  }

  private static boolean isMark(int c) {
    return c == 0x61c || c == 0x200e || c == 0x200f;
  }

  // Joiners of words, invisible operators, what annotates between lines, and controls of notation.
  private static boolean hides(int c) {
    return (c >= 0x2060 && c <= 0x2064)
        || c == 0xfeff
        || (c >= 0xfff9 && c <= 0xfffb)
        || c == 0x180e
        || (c >= 0x1bca0 && c <= 0x1bca3)
        || (c >= 0x1d173 && c <= 0x1d17a);
  }

  private static boolean isSelector(int c) {
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
  }

  private static boolean isTag(int c) {
    return c >= 0xe0000 && c <= END_OF_TAGS;
  }

  // Letters and digits, which name a region.
  private static boolean isOfAFlag(int c) {
    return (c >= 0xe0061 && c <= 0xe007a) || (c >= 0xe0030 && c <= 0xe0039);
  }

  private static boolean isFromTheRight(int c) {
    // The mark to the right is of that class itself.
    return !isMark(c)
        && switch (Character.getDirectionality(c)) {
          case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
              Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
              true;
          default -> false;
        };
  }

  private static boolean hasNoBlanks(int c) {
    return c >= 0xe00
        && switch (UnicodeScript.of(c)) {
          case THAI,
              LAO,
              KHMER,
              MYANMAR,
              TIBETAN,
              TAI_THAM,
              TAI_VIET,
              NEW_TAI_LUE,
              HAN,
              HIRAGANA,
              KATAKANA ->
              true;
          default -> false;
        };
  }
}
