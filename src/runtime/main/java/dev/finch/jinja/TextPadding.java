package dev.finch.jinja;

/** Widens a text as Python's {@code str} does. */
final class TextPadding {

  private TextPadding() {}

  /** Filled up on the sides that {@code center}, {@code ljust} and {@code rjust} fill. */
  static String pad(Rendering rendering, String text, String how, Object width, Object filling) {
    long wanted = Numbers.index(rendering, width);
    String fill = Texts.string(rendering, filling, "the fill character");
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw rendering.error("The fill character must be exactly one character long");
    }
    long missing = wanted - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    long left =
        switch (how) {
          case "center" -> missing / 2 + (missing & wanted & 1);
          case "rjust" -> missing;
          default -> 0;
        };
    return Texts.repeat(rendering, fill, left)
        + text
        + Texts.repeat(rendering, fill, missing - left);
  }

  /** With zeros between the sign and the rest. */
  static String zfill(Rendering rendering, String text, long width) {
    long missing = width - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    int sign = !text.isEmpty() && "+-".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
    return text.substring(0, sign) + Texts.repeat(rendering, "0", missing) + text.substring(sign);
  }

  /** With blanks up to the next of the columns {@code tab}, twice that and so on, for each tab. */
  static String expandTabs(Rendering rendering, String text, long tab) {
    StringBuilder out = new StringBuilder();
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        long blanks = tab <= 0 ? 0 : tab - column % tab;
        out.append(Texts.repeat(rendering, " ", blanks));
        column += blanks;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      }
    }
    rendering.text(out.length());
    return out.toString();
  }
}
