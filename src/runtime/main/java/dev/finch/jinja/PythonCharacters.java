package dev.finch.jinja;

import java.util.Locale;

/** What Python's {@code str} says of single characters. */
final class PythonCharacters {

  /** Letters that are numbers, by the Unihan database. */
  private static final String HAN_NUMBERS =
      "\u3405\u3483\u382A\u3B4D\u4E00\u4E03\u4E07\u4E09\u4E5D\u4E8C\u4E94\u4E96"
          + "\u4EBF\u4EC0\u4EDF\u4EE8\u4F0D\u4F70\u5104\u5146\u5169\u516B\u516D\u5341"
          + "\u5343\u5344\u5345\u534C\u53C1\u53C2\u53C3\u53C4\u56DB\u58F1\u58F9\u5E7A"
          + "\u5EFE\u5EFF\u5F0C\u5F0D\u5F0E\u5F10\u62FE\u634C\u67D2\u6F06\u7396\u767E"
          + "\u8086\u842C\u8CAE\u8CB3\u8D30\u9621\u9646\u964C\u9678\u96F6\uF96B\uF973"
          + "\uF978\uF9B2\uF9D1\uF9D3\uF9FD\uD840\uDC01\uD840\uDC64\uD840\uDCE2"
          + "\uD840\uDD21\uD842\uDD2A\uD842\uDD83\uD842\uDD8C\uD842\uDD9C\uD842\uDEEA"
          + "\uD842\uDEFD\uD842\uDF19\uD848\uDF90\uD84A\uDD98\uD84E\uDF1B\uD858\uDE6D"
          + "\uD87E\uDC90";

  private PythonCharacters() {}

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

  /** Appends what Python's {@code casefold} makes of a code point. */
  static void caseFolded(int c, StringBuilder to) {
    if (c < 0x80) {
      to.appendCodePoint(Character.toLowerCase(c));
    } else if (c == 0x1E9E) {
      to.append("ss");
    } else if (c == 0x131 || (c >= 0x13A0 && c <= 0x13F5)) {
      to.appendCodePoint(c);
    } else if ((c >= 0xAB70 && c <= 0xABBF) || (c >= 0x13F8 && c <= 0x13FD)) {
      // Cherokee's capitals are older than its small letters.
      to.appendCodePoint(Character.toUpperCase(c));
    } else {
      to.append(Character.toString(c).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
    }
  }

  static boolean isWord(int c) {
    return c == '_' || isAlpha(c) || isNumeric(c);
  }

  static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }
}
