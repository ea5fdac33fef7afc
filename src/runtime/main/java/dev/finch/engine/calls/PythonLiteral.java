package dev.finch.engine.calls;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Python's literals, and calls with named arguments, as JSON: texts in any quotes, numbers, {@code
 * True}, {@code False}, {@code None}, lists, tuples and dictionaries. Nothing is evaluated. What
 * nests deeper than {@link #MOST_DEPTH} is refused.
 */
final class PythonLiteral {

  private static final int MOST_DEPTH = 64;

  /** It is none. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused() {
      super(null, null, false, false);
    }
  }

  private final String text;
  private int at;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /** A literal as JSON, or null where this is none. */
  static @Nullable String json(String literal) {
    PythonLiteral reader = new PythonLiteral(literal);
    try {
      StringBuilder json = new StringBuilder();
      reader.value(json, 0);
      reader.blanks();
      return reader.at == literal.length() ? json.toString() : null;
    } catch (Refused e) {
      return null;
    }
  }

  /** What stands between the parentheses of a call as a JSON object, or null. */
  static @Nullable String arguments(String named) {
    PythonLiteral reader = new PythonLiteral(named);
    try {
      return reader.named();
    } catch (Refused e) {
      return null;
    }
  }

  private String named() {
    StringBuilder json = new StringBuilder("{");
    blanks();
    while (at < text.length()) {
      int from = at;
      while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
        at++;
      }
      String key = text.substring(from, at);
      blanks();
      if (key.isEmpty() || !accept('=')) {
        throw new Refused();
      }
      json.append(json.length() > 1 ? ", " : "").append(JsonValues.quoted(key)).append(": ");
      value(json, 0);
      blanks();
      if (!accept(',') && at < text.length()) {
        throw new Refused();
      }
      blanks();
    }
    return json.append('}').toString();
  }

  private void value(StringBuilder json, int depth) {
    blanks();
    char c = peek();
    if (depth > MOST_DEPTH) {
      throw new Refused();
    }
    switch (c) {
      case '\'', '"' -> text(json);
      case '[' -> items(json, ']', depth);
      case '(' -> items(json, ')', depth);
      case '{' -> entries(json, depth);
      default -> word(json);
    }
  }

  private void items(StringBuilder json, char close, int depth) {
    at++;
    json.append('[');
    blanks();
    boolean first = true;
    while (!accept(close)) {
      json.append(first ? "" : ", ");
      first = false;
      value(json, depth + 1);
      comma(close);
    }
    json.append(']');
  }

  private void entries(StringBuilder json, int depth) {
    at++;
    json.append('{');
    blanks();
    boolean first = true;
    while (!accept('}')) {
      json.append(first ? "" : ", ");
      first = false;
      if (peek() != '\'' && peek() != '"') {
        throw new Refused();
      }
      text(json);
      blanks();
      if (!accept(':')) {
        throw new Refused();
      }
      json.append(": ");
      value(json, depth + 1);
      comma('}');
    }
    json.append('}');
  }

  private void comma(char close) {
    blanks();
    if (!accept(',') && peek() != close) {
      throw new Refused();
    }
    blanks();
  }

  private void word(StringBuilder json) {
    int from = at;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(from, at);
    switch (word) {
      case "True", "true" -> json.append("true");
      case "False", "false" -> json.append("false");
      case "None", "null" -> json.append("null");
      default -> json.append(number(word.replace("_", "")));
    }
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '-'
        || c == '.'
        || c == '_';
  }

  private static String number(String word) {
    if (!word.matches("-?(?:\\d{1,300}\\.?\\d{0,300}|\\.\\d{1,300})(?:[eE][+-]?\\d{1,4})?")) {
      throw new Refused();
    }
    String whole = word.replaceFirst("^(-?)\\.", "$10.").replaceFirst("^(-?)0+(?=\\d)", "$1");
    return whole.replaceFirst("\\.(?=$|[eE])", ".0");
  }

  private void text(StringBuilder json) {
    char quote = peek();
    boolean three = text.startsWith(String.valueOf(quote).repeat(3), at);
    String close = String.valueOf(quote).repeat(three ? 3 : 1);
    at += close.length();
    json.append('"');
    while (!text.startsWith(close, at)) {
      char c = peek();
      at++;
      if (c == '\\') {
        escape(json);
      } else {
        JsonValues.escape(c, json);
      }
    }
    at += close.length();
    json.append('"');
  }

  private void escape(StringBuilder json) {
    char c = peek();
    at++;
    switch (c) {
      case '\n' -> {}
      case 'n' -> json.append("\\n");
      case 't' -> json.append("\\t");
      case 'r' -> json.append("\\r");
      case 'b' -> json.append("\\b");
      case 'f' -> json.append("\\f");
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\'' -> json.append('\'');
      case 'x' -> JsonValues.escape((char) hex(2), json);
      case 'u' -> JsonValues.escape((char) hex(4), json);
      default -> {
        // Python keeps the backslash of what is no escape.
        json.append("\\\\");
        JsonValues.escape(c, json);
      }
    }
  }

  private int hex(int digits) {
    if (at + digits > text.length()) {
      throw new Refused();
    }
    try {
      int code = HexFormat.fromHexDigits(text, at, at + digits);
      at += digits;
      return code;
    } catch (NumberFormatException e) {
      throw new Refused();
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw new Refused();
    }
    return text.charAt(at);
  }

  private boolean accept(char c) {
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
