package dev.finch.cli;

import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/**
 * JLine's redraw for rows that end in a wide character. JLine gets past the last column by writing
 * the last character once more there, and a wide one would land on the next row.
 */
final class MarginDisplay extends Display {

  MarginDisplay(Terminal terminal, Size size) {
    super(terminal, false);
    resize(size);
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
