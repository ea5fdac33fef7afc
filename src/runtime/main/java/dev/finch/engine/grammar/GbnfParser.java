package dev.finch.engine.grammar;

import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads GBNF as llama.cpp's parser does; the rules of the text stand in its grammars/README.md. */
final class GbnfParser {

  private static final int MAX_DEPTH = 100;
  private static final int MAX_REPEATED = 8;
  private static final int MAX_REPETITION = 10_000;

  private final String text;
  private final Map<String, Symbol> rules = new LinkedHashMap<>();
  private int at;

  GbnfParser(String text) {
    this.text = text;
  }

  Map<String, Symbol> parse() {
    if (text.length() > Gbnf.MAX_LENGTH) {
      throw refused(
          "%,d characters (expected: at most %,d)".formatted(text.length(), Gbnf.MAX_LENGTH));
    }
    space(true);
    while (at < text.length()) {
      rule();
    }
    return rules;
  }

  private void rule() {
    int start = at;
    String name = name();
    space(false);
    if (!text.startsWith("::=", at)) {
      throw refused("expected ::= after the rule's name " + name);
    }
    at += 3;
    space(true);
    Symbol body = choice(0);
    if (rules.put(name, body) != null) {
      at = start;
      throw refused("the rule " + name + " is defined twice");
    }
    if (at < text.length() && current() != '\n' && current() != '\r') {
      throw refused("expected a new line or a symbol, found '" + shown() + "'");
    }
    space(true);
  }

  private String name() {
    int start = at;
    while (at < text.length() && isWord(current())) {
      at++;
    }
    if (at == start) {
      throw refused(
          "expected a rule's name (letters, digits and -)"
              + (at < text.length() ? ", found '" + shown() + "'" : ""));
    }
    return text.substring(start, at);
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }

  /** White space and comments, with line ends only where they do not end a rule. */
  private void space(boolean lines) {
    while (at < text.length()) {
      char c = current();
      if (c == '#') {
        while (at < text.length() && current() != '\n' && current() != '\r') {
          at++;
        }
      } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else {
        return;
      }
    }
  }

  private Symbol choice(int depth) {
    if (depth > MAX_DEPTH) {
      throw refused("more than " + MAX_DEPTH + " nested groups");
    }
    List<Symbol> alternatives = new ArrayList<>();
    alternatives.add(sequence(depth));
    while (at < text.length() && current() == '|') {
      at++;
      space(true);
      alternatives.add(sequence(depth));
    }
    return alternatives.size() == 1 ? alternatives.getFirst() : new Symbol.Choice(alternatives);
  }

  private Symbol sequence(int depth) {
    List<Symbol> symbols = new ArrayList<>();
    while (at < text.length()) {
      char c = current();
      if (c == '*' || c == '+' || c == '?' || c == '{') {
        if (symbols.isEmpty()) {
          throw refused("expected a symbol before '" + c + "'");
        }
        symbols.add(repetition(symbols.removeLast(), depth));
        continue;
      }
      Symbol symbol =
          switch (c) {
            case '"' -> literal();
            case '[' -> characterClass();
            case '(' -> group(depth);
            case '.' -> any();
            default -> isWord(c) ? reference() : null;
          };
      if (symbol == null) {
        break;
      }
      symbols.add(symbol);
      space(depth > 0);
    }
    return symbols.size() == 1 ? symbols.getFirst() : new Symbol.Sequence(symbols);
  }

  private Symbol any() {
    at++;
    return new Symbol.CharacterClass(List.of(), true);
  }

  private Symbol reference() {
    int position = at;
    return new Symbol.Reference(name(), position);
  }

  private Symbol group(int depth) {
    int open = at++;
    space(true);
    Symbol inside = choice(depth + 1);
    if (at >= text.length() || current() != ')') {
      at = Math.min(at, text.length());
      throw at < text.length()
          ? refused("expected ) but found '" + shown() + "'")
          : Gbnf.refused(text, open, "this group is never closed");
    }
    at++;
    return inside;
  }

  private Symbol literal() {
    int open = at++;
    StringBuilder literal = new StringBuilder();
    while (at < text.length() && current() != '"') {
      literal.appendCodePoint(character());
    }
    close(open, '"');
    return new Symbol.Literal(literal.toString());
  }

  private Symbol characterClass() {
    int open = at++;
    boolean negated = at < text.length() && current() == '^';
    at += negated ? 1 : 0;
    List<Symbol.Range> ranges = new ArrayList<>();
    while (at < text.length() && current() != ']') {
      int first = character();
      boolean range = text.startsWith("-", at) && !text.startsWith("-]", at);
      at += range ? 1 : 0;
      if (range && at >= text.length()) {
        break;
      }
      int last = range ? character() : first;
      if (last < first) {
        throw refused("a range of characters runs backwards");
      }
      ranges.add(new Symbol.Range(first, last));
    }
    close(open, ']');
    if (ranges.isEmpty()) {
      throw Gbnf.refused(text, open, "an empty class of characters");
    }
    return new Symbol.CharacterClass(ranges, negated);
  }

  private void close(int open, char mark) {
    if (at >= text.length()) {
      throw Gbnf.refused(text, open, "the closing " + mark + " is missing");
    }
    at++;
  }

  private int character() {
    if (current() != '\\') {
      int codePoint = text.codePointAt(at);
      at += Character.charCount(codePoint);
      return codePoint;
    }
    char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    at += 2;
    return switch (kind) {
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      case 'U' -> hexadecimal(8);
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case '\\', '"', '[', ']' -> kind;
      default -> {
        at -= 2;
        throw refused("the escape \\" + kind + " (expected: t, r, n, x, u, U, \\, \", [ or ])");
      }
    };
  }

  private int hexadecimal(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length() ? Character.digit(current(), 16) : -1;
      if (digit < 0 || current() > 'f') {
        throw refused("expected " + digits + " hexadecimal digits");
      }
      value = value * 16 + digit;
      at++;
    }
    if (!Character.isValidCodePoint(value)) {
      throw refused("%x is no code point".formatted(value));
    }
    return value;
  }

  private Symbol repetition(Symbol symbol, int depth) {
    char kind = current();
    at++;
    Symbol repeated =
        switch (kind) {
          case '*' -> new Symbol.Repetition(symbol, 0, Symbol.Repetition.UNBOUNDED);
          case '+' -> new Symbol.Repetition(symbol, 1, Symbol.Repetition.UNBOUNDED);
          case '?' -> new Symbol.Repetition(symbol, 0, 1);
          default -> counted(symbol, depth);
        };
    space(depth > 0);
    requireShallow(repeated);
    return repeated;
  }

  /** No group opens between repetitions of repetitions, so their depth is counted by itself. */
  private void requireShallow(Symbol repeated) {
    Symbol inner = repeated;
    for (int i = 0; inner instanceof Symbol.Repetition repetition; i++) {
      if (i >= MAX_REPEATED) {
        throw refused("more than " + MAX_REPEATED + " repetitions of a repetition");
      }
      inner = repetition.symbol();
    }
  }

  private Symbol counted(Symbol symbol, int depth) {
    space(depth > 0);
    int min = number();
    int max = min;
    space(depth > 0);
    if (at < text.length() && current() == ',') {
      at++;
      space(depth > 0);
      boolean open = at < text.length() && current() == '}';
      max = open ? Symbol.Repetition.UNBOUNDED : number();
      space(depth > 0);
    }
    if (at >= text.length() || current() != '}') {
      throw refused("expected } after a number of repetitions");
    }
    at++;
    if (max != Symbol.Repetition.UNBOUNDED && max < min) {
      throw refused("repeated at least %d and at most %d times".formatted(min, max));
    }
    return new Symbol.Repetition(symbol, min, max);
  }

  private int number() {
    int start = at;
    int value = 0;
    while (at < text.length() && Character.digit(current(), 10) >= 0 && current() <= '9') {
      value = Math.min(value * 10 + (current() - '0'), MAX_REPETITION + 1);
      at++;
    }
    if (at == start) {
      throw refused("expected a number of repetitions");
    }
    if (value > MAX_REPETITION) {
      throw refused("more than %,d repetitions".formatted(MAX_REPETITION));
    }
    return value;
  }

  private char current() {
    return text.charAt(at);
  }

  private String shown() {
    return Character.toString(text.codePointAt(at));
  }

  private FinchException refused(String what) {
    return Gbnf.refused(text, at, what);
  }
}
