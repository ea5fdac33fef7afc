package dev.finch.jinja;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens, by the rules of Jinja2's lexer with {@code trim_blocks} and {@code
 * lstrip_blocks}.
 */
final class Lexer {

  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private static final int LONGEST_NUMBER = 4300;

  private final Source source;
  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  /** Whether what was read last ended a line: then blanks before a tag may be stripped. */
  private boolean lineStarts = true;

  private Lexer(Source source) {
    this.source = source;
    this.text = source.text();
  }

  static List<Token> tokens(Source source) {
    Lexer lexer = new Lexer(source);
    lexer.template();
    lexer.add(Token.Type.END, "", lexer.text.length());
    return lexer.tokens;
  }

  private void add(Token.Type type, String value, int where) {
    tokens.add(new Token(type, value, value, where));
  }

  private boolean sees(String what) {
    return text.startsWith(what, at);
  }

  private char charAt(int index) {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  private void template() {
    while (at < text.length()) {
      int open = nextTag(at);
      if (open < 0) {
        add(Token.Type.DATA, text.substring(at), at);
        at = text.length();
        return;
      }
      int from = at;
      char kind = text.charAt(open + 1);
      at = open + 2;
      char sign = sign();
      data(from, open, sign, kind == '{');
      if (kind == '#') {
        comment(open);
      } else if (kind == '{') {
        add(Token.Type.VARIABLE_BEGIN, "", open);
        lineStarts = false;
        inside(Token.Type.VARIABLE_END);
      } else if (!raw(open)) {
        add(Token.Type.BLOCK_BEGIN, "", open);
        lineStarts = false;
        inside(Token.Type.BLOCK_END);
      }
    }
  }

  private int nextTag(int from) {
    for (int i = text.indexOf('{', from); i >= 0; i = text.indexOf('{', i + 1)) {
      char next = charAt(i + 1);
      if (next == '%' || next == '{' || next == '#') {
        return i;
      }
    }
    return -1;
  }

  private char sign() {
    char c = charAt(at);
    if (c == '-' || c == '+') {
      at++;
      return c;
    }
    return ' ';
  }

  /** The text before a tag, less what the tag strips from it. */
  private void data(int from, int to, char sign, boolean variable) {
    int end = to;
    if (sign == '-') {
      while (end > from && PythonCharacters.isSpace(text.charAt(end - 1))) {
        end--;
      }
    } else if (sign == ' ' && !variable) {
      int blank = to;
      while (blank > from
          && text.charAt(blank - 1) != '\n'
          && PythonCharacters.isSpace(text.charAt(blank - 1))) {
        blank--;
      }
      boolean begins = blank == from ? lineStarts : text.charAt(blank - 1) == '\n';
      end = begins ? blank : to;
    }
    if (end > from) {
      add(Token.Type.DATA, text.substring(from, end), from);
    }
  }

  private void skipSpace() {
    while (at < text.length() && PythonCharacters.isSpace(text.charAt(at))) {
      at++;
    }
  }

  /** Behind a closing mark: {@code -} strips what follows, a block takes its line break along. */
  private void close(boolean strip, boolean trim) {
    if (strip) {
      skipSpace();
    } else if (trim && charAt(at) == '\n') {
      at++;
    }
    lineStarts = text.charAt(at - 1) == '\n';
  }

  private void comment(int open) {
    int end = text.indexOf("#}", at);
    if (at >= text.length()) {
      return;
    }
    if (end < 0) {
      throw source.syntax("Missing end of comment tag", open);
    }
    char before = end > at ? text.charAt(end - 1) : ' ';
    at = end + 2;
    close(before == '-', before != '+');
  }

  /** Reads a raw block whole, if one begins here. */
  private boolean raw(int open) {
    int begin = at;
    skipSpace();
    if (!sees("raw")) {
      at = begin;
      return false;
    }
    at += 3;
    skipSpace();
    boolean strip = sees("-%}");
    if (!strip && !sees("%}")) {
      at = begin;
      return false;
    }
    at += strip ? 3 : 2;
    close(strip, false);
    rawText(open);
    return true;
  }

  private void rawText(int open) {
    if (at >= text.length()) {
      return;
    }
    int from = at;
    for (int tag = text.indexOf("{%", at); tag >= 0; tag = text.indexOf("{%", tag + 1)) {
      at = tag + 2;
      char sign = sign();
      skipSpace();
      if (!sees("endraw")) {
        continue;
      }
      at += 6;
      skipSpace();
      char end = charAt(at);
      if (sees("%}") || ((end == '-' || end == '+') && text.startsWith("%}", at + 1))) {
        data(from, tag, sign, false);
        at += end == '%' ? 2 : 3;
        close(end == '-', end == '%');
        return;
      }
    }
    throw source.syntax("Missing end of raw directive", open);
  }

  /** Reads the tokens of a tag up to its end. */
  private void inside(Token.Type end) {
    String mark = end == Token.Type.BLOCK_END ? "%}" : "}}";
    Deque<Character> brackets = new ArrayDeque<>();
    while (true) {
      skipSpace();
      if (at >= text.length()) {
        // The parser says what is missing.
        return;
      }
      char c = text.charAt(at);
      boolean signed = c == '-' || (c == '+' && end == Token.Type.BLOCK_END);
      if (brackets.isEmpty() && (sees(mark) || (signed && text.startsWith(mark, at + 1)))) {
        add(end, "", at);
        at += signed ? 3 : 2;
        close(c == '-', end == Token.Type.BLOCK_END && !signed);
        return;
      }
      token(c, brackets);
    }
  }

  private void token(char c, Deque<Character> brackets) {
    if (PythonCharacters.isDigit(c)) {
      number();
    } else if (c == '"' || c == '\'') {
      string(c);
    } else if (Character.isUnicodeIdentifierPart(text.codePointAt(at)) || c == '_') {
      name();
    } else {
      operator(brackets);
    }
  }

  private void name() {
    int from = at;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (c != '_'
          && (!Character.isUnicodeIdentifierPart(c) || Character.isIdentifierIgnorable(c))) {
        break;
      }
      at += Character.charCount(c);
    }
    int first = at > from ? text.codePointAt(from) : 0;
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      throw source.syntax("Invalid character in identifier", from);
    }
    add(Token.Type.NAME, text.substring(from, at), from);
  }

  private void operator(Deque<Character> brackets) {
    for (String operator : OPERATORS) {
      if (sees(operator)) {
        balance(operator, brackets);
        add(Token.Type.OPERATOR, operator, at);
        at += operator.length();
        return;
      }
    }
    String c = Character.toString(text.codePointAt(at));
    throw source.syntax("unexpected char '" + c + "' at " + at, at);
  }

  private void balance(String operator, Deque<Character> brackets) {
    switch (operator) {
      case "(" -> brackets.push(')');
      case "[" -> brackets.push(']');
      case "{" -> brackets.push('}');
      case ")", "]", "}" -> {
        if (brackets.isEmpty()) {
          throw source.syntax("unexpected '" + operator + "'", at);
        }
        char expected = brackets.pop();
        if (expected != operator.charAt(0)) {
          throw source.syntax("unexpected '" + operator + "', expected '" + expected + "'", at);
        }
      }
      default -> {}
    }
  }

  /** Digits in this base, single underscores between them; where they end. */
  private int digits(int from, int base) {
    int end = from;
    while (true) {
      int digit = charAt(end) == '_' && end > from ? end + 1 : end;
      if (charAt(digit) > 'f' || Character.digit(charAt(digit), base) < 0) {
        return end;
      }
      end = digit + 1;
    }
  }

  private void number() {
    int from = at;
    boolean afterDot = from > 0 && text.charAt(from - 1) == '.';
    int whole = digits(from, 10);
    int end = whole;
    if (charAt(end) == '.' && digits(end + 1, 10) > end + 1) {
      end = digits(end + 1, 10);
    }
    if (charAt(end) == 'e' || charAt(end) == 'E') {
      int exponent = end + 1;
      exponent += charAt(exponent) == '+' || charAt(exponent) == '-' ? 1 : 0;
      end = digits(exponent, 10) > exponent ? digits(exponent, 10) : end;
    }
    if (end > whole && !afterDot) {
      at = end;
      String digits = text.substring(from, end).replace("_", "");
      tokens.add(new Token(Token.Type.FLOAT, digits, Double.valueOf(digits), from));
    } else {
      integer(from, whole);
    }
  }

  private void integer(int from, int whole) {
    int base =
        text.charAt(from) != '0'
            ? 10
            : switch (charAt(from + 1)) {
              case 'b', 'B' -> 2;
              case 'o', 'O' -> 8;
              case 'x', 'X' -> 16;
              default -> 10;
            };
    int begin = from;
    if (base != 10) {
      begin = charAt(from + 2) == '_' ? from + 3 : from + 2;
      at = digits(begin, base);
      base = at > begin ? base : 10;
    }
    if (base == 10) {
      begin = from;
      at = whole;
      if (text.charAt(from) == '0') {
        // Zeros only: 007 is two numbers.
        at = from + 1;
        while (charAt(at) == '0' || (charAt(at) == '_' && charAt(at + 1) == '0')) {
          at++;
        }
      }
    }
    String digits = text.substring(begin, at).replace("_", "");
    if (digits.length() > LONGEST_NUMBER) {
      throw source.syntax("an integer has more than " + LONGEST_NUMBER + " digits", from);
    }
    Object value = Numbers.exact(new BigInteger(digits, base));
    tokens.add(new Token(Token.Type.INTEGER, digits, value, from));
  }

  private void string(char quote) {
    int from = at;
    int end = from + 1;
    while (end < text.length() && text.charAt(end) != quote) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= text.length()) {
      throw source.syntax(
          "unexpected char " + (quote == '"' ? "'\"'" : "\"'\"") + " at " + from, from);
    }
    at = end + 1;
    add(Token.Type.STRING, new Escapes(source, from).unescape(text.substring(from + 1, end)), from);
  }
}
