package dev.finch.jinja;

import java.util.Locale;
import java.util.function.IntPredicate;

/** Upper, lower and title case as Python's {@code str} has them, and what its letters are. */
final class TextCase {

  private TextCase() {}

  /** The text as a method of that name writes it. */
  static String cased(String name, String text) {
    return switch (name) {
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "casefold" -> caseFolded(text);
      case "capitalize" -> capitalize(text);
      case "title" -> title(text);
      default -> swapCase(text);
    };
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.codePointAt(0)) + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static String titleCase(int c) {
    int title = Character.toTitleCase(c);
    String upper = Character.toString(c).toUpperCase(Locale.ROOT);
    return upper.length() > Character.charCount(c)
        ? upper.substring(0, upper.offsetByCodePoints(0, 1))
            + upper.substring(upper.offsetByCodePoints(0, 1)).toLowerCase(Locale.ROOT)
        : Character.toString(title);
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inside = false;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (inside) {
        out.append(Character.toString(c).toLowerCase(Locale.ROOT));
      } else {
        out.append(titleCase(c));
      }
      inside = PythonCharacters.isCased(c);
    }
    return out.toString();
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              String one = Character.toString(c);
              out.append(
                  Character.isUpperCase(c)
                      ? one.toLowerCase(Locale.ROOT)
                      : Character.isLowerCase(c) ? one.toUpperCase(Locale.ROOT) : one);
            });
    return out.toString();
  }

  /** What a method whose name begins with {@code is} says. */
  static boolean is(String name, String text) {
    return switch (name) {
      case "isalnum" ->
          all(text, c -> PythonCharacters.isAlpha(c) || PythonCharacters.isNumeric(c));
      case "isalpha" -> all(text, PythonCharacters::isAlpha);
      case "isdecimal" -> all(text, PythonCharacters::isDecimal);
      case "isdigit" -> all(text, PythonCharacters::isDigitLike);
      case "isnumeric" -> all(text, PythonCharacters::isNumeric);
      case "isspace" -> all(text, PythonCharacters::isSpace);
      case "isascii" -> text.isEmpty() || all(text, c -> c < 0x80);
      case "isprintable" -> text.isEmpty() || all(text, PythonCharacters::isPrintable);
      case "isupper" -> isCased(text, true);
      case "islower" -> isCased(text, false);
      case "istitle" -> isTitle(text);
      default -> isIdentifier(text);
    };
  }

  private static boolean all(String text, IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  /** Whether there are letters with case, and all have this one. */
  static boolean isCased(String text, boolean upper) {
    boolean any = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (PythonCharacters.isCased(c)) {
        if (upper ? !Character.isUpperCase(c) : !Character.isLowerCase(c)) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  private static boolean isTitle(String text) {
    boolean inside = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean upper = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (upper ? inside : Character.isLowerCase(c) && !inside) {
        return false;
      }
      inside = PythonCharacters.isCased(c);
      any |= inside;
    }
    return any;
  }

  private static boolean isIdentifier(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int first = text.codePointAt(0);
    return (first == '_' || Character.isUnicodeIdentifierStart(first))
        && text.codePoints()
            .allMatch(
                c ->
                    c == '_'
                        || (Character.isUnicodeIdentifierPart(c)
                            && !Character.isIdentifierIgnorable(c)));
  }

  /** A letter at a time: Java's small sigma at the end of a word is another. */
  private static String caseFolded(String text) {
    StringBuilder folded = new StringBuilder();
    text.codePoints().forEach(c -> PythonCharacters.caseFolded(c, folded));
    return folded.toString();
  }
}
