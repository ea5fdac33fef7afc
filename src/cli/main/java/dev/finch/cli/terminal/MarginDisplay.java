package dev.finch.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/**
 * JLine's redraw with an eye on the last column. JLine gets past it by writing the last character
 * once more there, and a wide one would land on the next row. And where a row that went on in the
 * next one ends in its last column now, JLine erases from there, which takes the character away.
 */
final class MarginDisplay extends Display {

  /** What the last update showed. */
  private List<AttributedString> shown = List.of();

  MarginDisplay(Terminal terminal, Size size) {
    super(terminal, false);
    resize(size);
  }

  @Override
  public void update(List<AttributedString> lines, int target, boolean flush) {
    List<Integer> spoiled = spoiled(lines);
    super.update(lines, target, spoiled.isEmpty() && flush);
    shown = List.copyOf(lines);
    if (spoiled.isEmpty()) {
      return;
    }
    int end = cursorPos;
    for (int row : spoiled) {
      super.moveVisualCursorTo(row * columns1 + columns, lines);
    }
    moveVisualCursorTo(end);
    if (flush) {
      terminal.flush();
    }
  }

  /** The rows that are full and go on no more, and did before. */
  private List<Integer> spoiled(List<AttributedString> lines) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < Math.min(lines.size(), shown.size() - 1); row++) {
      boolean wraps = row + 1 < lines.size() && !endsLine(lines.get(row));
      boolean full = width(lines.get(row)) == columns && !endsWide(row, lines);
      if (full && !wraps && !endsLine(shown.get(row))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static boolean endsLine(AttributedString line) {
    return line.length() > 0 && line.charAt(line.length() - 1) == '\n';
  }

  private int width(AttributedString line) {
    int length = line.length() - (endsLine(line) ? 1 : 0);
    return line.substring(0, length).columnLength(terminal);
  }

  @Override
  protected void moveVisualCursorTo(int target, List<AttributedString> lines) {
    int row = target / columns1;
    if (cursorPos == target || target % columns1 != columns || !endsWide(row, lines)) {
      super.moveVisualCursorTo(target, lines);
      return;
    }
    moveVisualCursorTo((row + 1) * columns1);
    if (row + 1 < lines.size()) {
      // The next row's first character is written from here as if it wrapped.
      cursorPos = target;
    }
  }

  private boolean endsWide(int row, List<AttributedString> lines) {
    if (row >= lines.size()) {
      return false;
    }
    String line = lines.get(row).toString();
    if (line.isEmpty() || line.endsWith("\n")) {
      return false;
    }
    int last = line.codePointBefore(line.length());
    int width = lines.get(row).columnLength(terminal);
    int before =
        lines
            .get(row)
            .substring(0, line.length() - Character.charCount(last))
            .columnLength(terminal);
    return width == columns && width - before == 2;
  }
}
