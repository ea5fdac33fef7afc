package dev.finch.jinja;

/** What Python's {@code str} says of single characters. */
final class Characters {

  /** Letters that are numbers too. */
  private static final String HAN_NUMBERS = "〇一二三四五六七八九十百千万億兆零两";

  private Characters() {}

  static boolean isSpace(int c) {
    if (c < 0x80) {
      return (c >= 9 && c <= 13) || (c >= 28 && c <= 32);
    }
    return c == 0x85 || c == 0xA0 || Character.isSpaceChar(c);
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** Where {@code splitlines} ends a line. */
  static boolean isLineBreak(int c) {
    return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /** Whether {@code repr} writes it as it is. */
  static boolean isPrintable(int c) {
    if (c < 0x7f) {
      return c >= 0x20;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  static boolean isAlpha(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          true;
      default -> false;
    };
  }

  static boolean isDecimal(int c) {
    return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
  }

  /** Decimal digits, superscripts and digits in circles. */
  static boolean isDigitLike(int c) {
    return isDecimal(c)
        || c == 0xB2
        || c == 0xB3
        || c == 0xB9
        || c == 0x2070
        || (c >= 0x2074 && c <= 0x2079)
        || (c >= 0x2080 && c <= 0x2089)
        || (c >= 0x2460 && c <= 0x2468);
  }

  static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER
        || HAN_NUMBERS.indexOf(c) >= 0;
  }

  static boolean isWord(int c) {
    return c == '_' || isAlpha(c) || isNumeric(c);
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }
}
