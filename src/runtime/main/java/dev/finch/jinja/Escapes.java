package dev.finch.jinja;

/** The escapes of Python's string literals. */
final class Escapes {

  private final Source source;
  private final int at;

  Escapes(Source source, int at) {
    this.source = source;
    this.at = at;
  }

  String unescape(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c != '\\') {
        out.append(c);
        i++;
      } else if (i + 1 >= raw.length()) {
        throw source.syntax("\\ at end of string", at);
      } else {
        i = escape(raw, i + 1, out);
      }
    }
    return out.toString();
  }

  /** Reads what follows a backslash; where it ends. */
  private int escape(String raw, int i, StringBuilder out) {
    char c = raw.charAt(i);
    int simple = "abfnrtv\\'\"".indexOf(c);
    if (simple >= 0) {
      out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
      return i + 1;
    }
    return switch (c) {
      case '\n' -> i + 1;
      case 'x' -> hex(raw, i + 1, 2, out);
      case 'u' -> hex(raw, i + 1, 4, out);
      case 'U' -> hex(raw, i + 1, 8, out);
      case 'N' -> named(raw, i + 1, out);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(raw, i, out);
      default -> {
        out.append('\\');
        int code = raw.codePointAt(i);
        if (code < 0x80) {
          out.append(c);
        } else {
          // Jinja2 writes such characters as escapes of their own first, which the backslash
          // breaks.
          String shape = code < 0x100 ? "x%02x" : code < 0x10000 ? "u%04x" : "U%08x";
          out.append(shape.formatted(code));
        }
        yield i + Character.charCount(code);
      }
    };
  }

  private int hex(String raw, int from, int length, StringBuilder out) {
    int code = 0;
    for (int i = from; i < from + length; i++) {
      int digit =
          i < raw.length() && raw.charAt(i) < 0x80 ? Character.digit(raw.charAt(i), 16) : -1;
      if (digit < 0) {
        throw source.syntax("a string has a truncated escape", at);
      }
      code = code * 16 + digit;
    }
    if (code < 0 || code > Character.MAX_CODE_POINT) {
      throw source.syntax("illegal Unicode character", at);
    }
    out.appendCodePoint(code);
    return from + length;
  }

  private static int octal(String raw, int from, StringBuilder out) {
    int code = 0;
    int i = from;
    while (i < raw.length() && i < from + 3 && raw.charAt(i) >= '0' && raw.charAt(i) <= '7') {
      code = code * 8 + raw.charAt(i++) - '0';
    }
    out.appendCodePoint(code);
    return i;
  }

  private int named(String raw, int from, StringBuilder out) {
    int end = raw.indexOf('}', from);
    if (from >= raw.length() || raw.charAt(from) != '{' || end < 0) {
      throw source.syntax("malformed \\N character escape", at);
    }
    try {
      out.appendCodePoint(Character.codePointOf(raw.substring(from + 1, end)));
    } catch (IllegalArgumentException e) {
      throw source.syntax("unknown Unicode character name", at);
    }
    return end + 1;
  }
}
