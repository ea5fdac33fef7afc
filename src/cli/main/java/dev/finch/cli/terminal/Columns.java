package dev.finch.cli.terminal;

import org.jline.utils.WCWidth;

/** How many columns of a terminal a text takes. */
public final class Columns {

  private Columns() {}

  /** In columns; 0 for what stands on the character before it. */
  public static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      width += width(c);
      i += Character.charCount(c);
    }
    return width;
  }

  /** The text, or as much of it as fits before the last column, and an ellipsis. */
  public static String fit(String text, int columns) {
    if (text.length() < columns / 2 || width(text) < columns) {
      return text;
    }
    int width = 0;
    int end = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      width += width(c);
      if (width > columns - 2) {
        break;
      }
      end += Character.charCount(c);
    }
    return text.substring(0, end) + "…";
  }

  private static int width(int c) {
    return c >= ' ' && c < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(c));
  }
}
