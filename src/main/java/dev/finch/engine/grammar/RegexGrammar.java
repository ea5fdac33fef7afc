package dev.finch.engine.grammar;

import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.List;

/**
 * Derives strings that match a regular expression. Known are literals, classes, groups,
 * alternatives, repetitions, and anchors at the ends; look-around, references back and boundaries
 * are refused.
 */
final class RegexGrammar {

  private static final int MAX_REPETITION = 1_000;
  private static final int MAX_DEPTH = 50;
  private static final CharacterSet ANY =
      CharacterSet.of('\n', '\n').and(CharacterSet.of('\r', '\r')).inverse();

  private final String pattern;
  private final String path;
  private int at;

  private RegexGrammar(String pattern, String path) {
    this.pattern = pattern;
    this.path = path;
  }

  /**
   * GBNF of what stands between the quotes of a JSON string.
   *
   * @param character the rule of any character of a string, for what an anchor does not hold
   */
  static String of(String pattern, String character, String path) {
    boolean atStart = pattern.startsWith("^");
    boolean atEnd = pattern.endsWith("$") && !pattern.endsWith("\\$");
    String inner =
        pattern.substring(
            atStart ? 1 : 0, Math.max(atStart ? 1 : 0, pattern.length() - (atEnd ? 1 : 0)));
    RegexGrammar regex = new RegexGrammar(inner, path);
    if ((atStart || atEnd) && regex.hasTopLevelChoice()) {
      throw regex.refused("an anchor beside alternatives (write ^(…|…)$)");
    }
    String body = regex.choice(0);
    if (regex.at < inner.length()) {
      throw regex.refused("'" + inner.charAt(regex.at) + "'");
    }
    String before = atStart ? "" : character + "{0,20} ";
    String after = atEnd ? "" : " " + character + "{0,20}";
    return before + "(" + body + ")" + after;
  }

  private boolean hasTopLevelChoice() {
    int depth = 0;
    boolean inClass = false;
    for (int i = 0; i < pattern.length(); i++) {
      switch (pattern.charAt(i)) {
        case '\\' -> i++;
        case '[' -> inClass = true;
        case ']' -> inClass = false;
        case '(' -> depth += inClass ? 0 : 1;
        case ')' -> depth -= inClass ? 0 : 1;
        case '|' -> {
          if (depth == 0 && !inClass) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  private String choice(int depth) {
    if (depth > MAX_DEPTH) {
      throw refused("more than " + MAX_DEPTH + " nested groups");
    }
    List<String> ways = new ArrayList<>();
    ways.add(sequence(depth));
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      ways.add(sequence(depth));
    }
    return Rules.choice(ways);
  }

  private String sequence(int depth) {
    StringBuilder sequence = new StringBuilder();
    while (at < pattern.length() && "|)".indexOf(pattern.charAt(at)) < 0) {
      String atom = atom(depth);
      sequence.append(sequence.isEmpty() ? "" : " ").append(atom).append(repetition());
    }
    return sequence.isEmpty() ? "\"\"" : sequence.toString();
  }

  private String atom(int depth) {
    char c = pattern.charAt(at);
    return switch (c) {
      case '(' -> group(depth);
      case '[' -> one(characterClass());
      case '.' -> {
        at++;
        yield one(ANY);
      }
      case '\\' -> one(escape());
      case '*', '+', '?', '{', '^', '$' -> throw refused("'" + c + "' at this place");
      default -> {
        int codePoint = pattern.codePointAt(at);
        at += Character.charCount(codePoint);
        yield one(CharacterSet.of(codePoint, codePoint));
      }
    };
  }

  private String one(CharacterSet set) {
    String body = set.inJson();
    if (body.isEmpty()) {
      throw refused("a class of characters that JSON cannot hold");
    }
    return body;
  }

  private String group(int depth) {
    at++;
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (pattern.startsWith("?", at)) {
      throw refused("(?" + (at + 1 < pattern.length() ? pattern.charAt(at + 1) : ""));
    }
    String inside = choice(depth + 1);
    if (at >= pattern.length()) {
      throw refused("a group that is never closed");
    }
    at++;
    return "(" + inside + ")";
  }

  private CharacterSet characterClass() {
    at++;
    boolean negated = pattern.startsWith("^", at);
    at += negated ? 1 : 0;
    CharacterSet set = new CharacterSet(List.of());
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      CharacterSet first = member(negated);
      boolean range =
          pattern.startsWith("-", at) && !pattern.startsWith("-]", at) && isSingle(first);
      if (range) {
        at++;
        CharacterSet last = at < pattern.length() ? member(negated) : first;
        int from = first.ranges().getFirst().first();
        int to = last.ranges().getFirst().first();
        if (!isSingle(last) || to < from) {
          throw refused("a range of characters that runs backwards");
        }
        first = CharacterSet.of(from, to);
      }
      set = set.and(first);
    }
    if (at >= pattern.length()) {
      throw refused("a class that is never closed");
    }
    at++;
    return negated ? set.inverse() : set;
  }

  private static boolean isSingle(CharacterSet set) {
    return set.ranges().size() == 1
        && set.ranges().getFirst().first() == set.ranges().getFirst().last();
  }

  private CharacterSet member(boolean negated) {
    if (negated && pattern.startsWith("\\s", at)) {
      at += 2;
      return CharacterSet.SPACE;
    }
    if (pattern.charAt(at) == '\\') {
      return escape();
    }
    int codePoint = pattern.codePointAt(at);
    at += Character.charCount(codePoint);
    return CharacterSet.of(codePoint, codePoint);
  }

  private CharacterSet escape() {
    char kind = at + 1 < pattern.length() ? pattern.charAt(at + 1) : ' ';
    at += 2;
    return switch (kind) {
      case 'd' -> CharacterSet.DIGITS;
      case 'D' -> CharacterSet.DIGITS.inverse();
      case 'w' -> CharacterSet.WORD;
      case 'W' -> CharacterSet.WORD.inverse();
      case 's' -> CharacterSet.of(' ', ' ');
      case 'S' -> CharacterSet.SPACE.inverse();
      case 'n' -> CharacterSet.of('\n', '\n');
      case 't' -> CharacterSet.of('\t', '\t');
      case 'r' -> CharacterSet.of('\r', '\r');
      case 'u' -> hexadecimal(4);
      case 'x' -> hexadecimal(2);
      default -> {
        if (Character.isLetterOrDigit(kind)) {
          at -= 2;
          throw refused("\\" + kind);
        }
        yield CharacterSet.of(kind, kind);
      }
    };
  }

  private CharacterSet hexadecimal(int digits) {
    String hex = pattern.substring(at, Math.min(pattern.length(), at + digits));
    if (!hex.matches("[0-9a-fA-F]{" + digits + "}")) {
      throw refused("an escape without its digits");
    }
    at += digits;
    int codePoint = Integer.parseInt(hex, 16);
    return CharacterSet.of(codePoint, codePoint);
  }

  private String repetition() {
    if (at >= pattern.length()) {
      return "";
    }
    char c = pattern.charAt(at);
    String repetition =
        switch (c) {
          case '*', '+', '?' -> {
            at++;
            yield String.valueOf(c);
          }
          case '{' -> counted();
          default -> "";
        };
    if (!repetition.isEmpty() && at < pattern.length() && pattern.charAt(at) == '?') {
      at++; // what is matched does not depend on who takes most
    }
    if (at < pattern.length() && !repetition.isEmpty() && pattern.charAt(at) == '+') {
      throw refused("a possessive repetition");
    }
    return repetition;
  }

  private String counted() {
    int close = pattern.indexOf('}', at);
    String count = close < 0 ? "" : pattern.substring(at, close + 1);
    if (!count.matches("\\{[0-9]{1,4}(,[0-9]{0,4})?\\}")) {
      throw refused("a repetition other than {m}, {m,} or {m,n}");
    }
    for (String number : count.substring(1, count.length() - 1).split(",", 2)) {
      if (!number.isEmpty() && Integer.parseInt(number) > MAX_REPETITION) {
        throw refused("more than " + MAX_REPETITION + " repetitions");
      }
    }
    at = close + 1;
    return count;
  }

  private FinchException refused(String what) {
    return SchemaFault.refused(
        path,
        "the pattern uses %s, which is not supported".formatted(what),
        "Simplify the pattern, or check it yourself.");
  }
}
