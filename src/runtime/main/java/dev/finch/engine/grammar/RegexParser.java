package dev.finch.engine.grammar;

import dev.finch.failure.FinchException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions of ECMA-262 in their {@code u} or their older form. References back are
 * refused, since no automaton follows them.
 */
final class RegexParser {

  private static final int MAX_REPETITION = 2_000;
  private static final int MAX_DEPTH = 50;

  private final String pattern;
  private final String path;
  private int at;
  private boolean anyCase;

  private RegexParser(String pattern, String path) {
    this.pattern = pattern;
    this.path = path;
  }

  /**
   * The expression.
   *
   * @param path where it stands, for messages
   */
  static Regex parse(String pattern, String path) {
    RegexParser parser = new RegexParser(pattern, path);
    Regex regex = parser.choice(0);
    if (parser.at < pattern.length()) {
      throw parser.refused("'" + pattern.charAt(parser.at) + "' at this place");
    }
    return regex;
  }

  private Regex choice(int depth) {
    if (depth > MAX_DEPTH) {
      throw refused("more than " + MAX_DEPTH + " nested groups");
    }
    List<Regex> ways = new ArrayList<>();
    ways.add(sequence(depth));
    while (at < pattern.length() && pattern.charAt(at) == '|') {
      at++;
      ways.add(sequence(depth));
    }
    return ways.size() == 1 ? ways.getFirst() : new Regex.Choice(ways);
  }

  private Regex sequence(int depth) {
    List<Regex> parts = new ArrayList<>();
    while (at < pattern.length() && "|)".indexOf(pattern.charAt(at)) < 0) {
      parts.add(repeated(atom(depth)));
    }
    return parts.size() == 1 ? parts.getFirst() : new Regex.Sequence(parts);
  }

  private Regex atom(int depth) {
    char c = pattern.charAt(at);
    return switch (c) {
      case '(' -> group(depth);
      case '[' -> new Regex.Chars(characterClass());
      case '.' -> single(RegexClasses.ANY);
      case '^' -> edge(Regex.Edge.START, 1);
      case '$' -> edge(Regex.Edge.END, 1);
      case '\\' ->
          pattern.startsWith("\\b", at)
              ? edge(Regex.Edge.BOUNDARY, 2)
              : pattern.startsWith("\\B", at) ? edge(Regex.Edge.NO_BOUNDARY, 2) : wholeText();
      case '*', '+', '?' -> throw refused("'" + c + "' at this place");
      default -> new Regex.Chars(cased(literal()));
    };
  }

  private CharacterSet cased(CharacterSet set) {
    return anyCase ? CaseFolding.agreed(set) : set;
  }

  /** The ends as Python and Rust write them, which ECMA-262 does not know, or an escape. */
  private Regex wholeText() {
    if (pattern.startsWith("\\A", at)) {
      return edge(Regex.Edge.START, 2);
    }
    return pattern.startsWith("\\Z", at) || pattern.startsWith("\\z", at)
        ? edge(Regex.Edge.END, 2)
        : new Regex.Chars(cased(escape()));
  }

  private Regex edge(Regex.Edge edge, int length) {
    at += length;
    return edge;
  }

  private Regex single(CharacterSet set) {
    at++;
    return new Regex.Chars(set);
  }

  private CharacterSet literal() {
    int codePoint = pattern.codePointAt(at);
    at += Character.charCount(codePoint);
    return CharacterSet.of(codePoint, codePoint);
  }

  private Regex group(int depth) {
    at++;
    Regex group;
    boolean outside = anyCase;
    if (take("?i)")) {
      // Up to the end of the group around it, as PCRE has it and Python at the beginning.
      anyCase = true;
      return new Regex.Sequence(List.of());
    }
    if (take("?i:") || take("?-i:")) {
      anyCase = pattern.charAt(at - 2) == 'i' && pattern.charAt(at - 3) != '-';
      group = choice(depth + 1);
    } else if (take("?:")) {
      group = choice(depth + 1);
    } else if (take("?=")) {
      group = new Regex.Look(choice(depth + 1), true, false);
    } else if (take("?!")) {
      group = new Regex.Look(choice(depth + 1), true, true);
    } else if (take("?<=")) {
      group = new Regex.Look(choice(depth + 1), false, false);
    } else if (take("?<!")) {
      group = new Regex.Look(choice(depth + 1), false, true);
    } else {
      takeName();
      group = choice(depth + 1);
    }
    if (at >= pattern.length()) {
      throw refused("a group that is never closed");
    }
    at++;
    anyCase = outside;
    return group;
  }

  private boolean take(String mark) {
    boolean found = pattern.startsWith(mark, at);
    at += found ? mark.length() : 0;
    return found;
  }

  private void takeName() {
    if (!pattern.startsWith("?", at)) {
      return;
    }
    int close = pattern.indexOf('>', at);
    // Python writes (?P<name>…), ECMA-262 (?<name>…).
    boolean named = pattern.startsWith("?<", at) || pattern.startsWith("?P<", at);
    if (!named || close < 0) {
      throw refused("(?" + (at + 1 < pattern.length() ? pattern.charAt(at + 1) : ""));
    }
    at = close + 1;
  }

  private CharacterSet characterClass() {
    at++;
    boolean negated = take("^");
    CharacterSet set = CharacterSet.NONE;
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      CharacterSet first = member();
      boolean range =
          pattern.startsWith("-", at) && !pattern.startsWith("-]", at) && first.isSingle();
      if (range) {
        at++;
        CharacterSet last = at < pattern.length() ? member() : first;
        if (!last.isSingle()) {
          set = set.and(CharacterSet.of('-', '-')).and(last);
        } else if (last.first() < first.first()) {
          throw refused("a range of characters that runs backwards");
        } else {
          first = CharacterSet.of(first.first(), last.first());
        }
      }
      set = set.and(first);
    }
    if (at >= pattern.length()) {
      throw refused("a class that is never closed");
    }
    at++;
    return !negated ? cased(set) : anyCase ? CaseFolding.widest(set).inverse() : set.inverse();
  }

  private CharacterSet member() {
    if (take("\\b")) {
      return CharacterSet.of('\b', '\b');
    }
    return pattern.charAt(at) == '\\' ? escape() : literal();
  }

  private CharacterSet escape() {
    char kind = at + 1 < pattern.length() ? pattern.charAt(at + 1) : ' ';
    at += 2;
    return switch (kind) {
      case 'd' -> CharacterSet.DIGITS;
      case 'D' -> CharacterSet.DIGITS.inverse();
      case 'w' -> CharacterSet.WORD;
      case 'W' -> CharacterSet.WORD.inverse();
      case 's' -> CharacterSet.SPACE;
      case 'S' -> CharacterSet.SPACE.inverse();
      case 'p' -> property();
      case 'P' -> property().inverse();
      case 'n' -> CharacterSet.of('\n', '\n');
      case 't' -> CharacterSet.of('\t', '\t');
      case 'r' -> CharacterSet.of('\r', '\r');
      case 'f' -> CharacterSet.of('\f', '\f');
      case 'v' -> CharacterSet.of(0x0B, 0x0B);
      case '0' -> CharacterSet.of(0, 0);
      case 'u' -> take("{") ? braced() : surrogates();
      case 'x' -> point(hexadecimal(2));
      default -> {
        if (Character.isLetterOrDigit(kind)) {
          at -= 2;
          throw refused("\\" + kind);
        }
        at--;
        yield literal();
      }
    };
  }

  private CharacterSet property() {
    int close = pattern.indexOf('}', at);
    if (!pattern.startsWith("{", at) || close < 0) {
      throw refused("\\p without a property");
    }
    String name = pattern.substring(at + 1, close);
    at = close + 1;
    CharacterSet set = RegexClasses.property(name);
    if (set == null) {
      throw refused("\\p{" + name + "}");
    }
    return set;
  }

  /** A pair of surrogates is one code point. */
  private CharacterSet surrogates() {
    int first = hexadecimal(4);
    if (first >= 0xD800 && first < 0xDC00 && take("\\u")) {
      int second = hexadecimal(4);
      return point(Character.toCodePoint((char) first, (char) second));
    }
    return point(first);
  }

  private CharacterSet braced() {
    int close = pattern.indexOf('}', at);
    String hex = close < 0 ? "" : pattern.substring(at, close);
    if (!hex.matches("0{0,9}[0-9a-fA-F]{1,6}")
        || !Character.isValidCodePoint(Integer.parseInt(hex, 16))) {
      throw refused("an escape that is no code point");
    }
    at = close + 1;
    return point(Integer.parseInt(hex, 16));
  }

  private static CharacterSet point(int codePoint) {
    return CharacterSet.of(codePoint, codePoint);
  }

  private int hexadecimal(int digits) {
    String hex = pattern.substring(at, Math.min(pattern.length(), at + digits));
    if (!hex.matches("[0-9a-fA-F]{" + digits + "}")) {
      throw refused("an escape without its digits");
    }
    at += digits;
    return Integer.parseInt(hex, 16);
  }

  private Regex repeated(Regex part) {
    if (at >= pattern.length()) {
      return part;
    }
    int before = at;
    Regex repeated =
        switch (pattern.charAt(at)) {
          case '*' -> repeat(part, 0, Symbol.Repetition.UNBOUNDED);
          case '+' -> repeat(part, 1, Symbol.Repetition.UNBOUNDED);
          case '?' -> repeat(part, 0, 1);
          case '{' -> counted(part);
          default -> part;
        };
    if (at > before && at < pattern.length()) {
      if (pattern.charAt(at) == '?') {
        at++; // what is matched does not depend on who takes most
      } else if (pattern.charAt(at) == '+') {
        throw refused("a possessive repetition");
      }
    }
    return repeated;
  }

  private Regex repeat(Regex part, int min, int max) {
    at++;
    return new Regex.Repeat(part, min, max);
  }

  private Regex counted(Regex part) {
    int close = pattern.indexOf('}', at);
    String count = close < 0 ? "" : pattern.substring(at, close + 1);
    if (!count.matches("\\{[0-9]{1,9}(,[0-9]{0,9})?\\}")) {
      return part; // the brace stands for itself
    }
    String[] bounds = count.substring(1, count.length() - 1).split(",", 2);
    int min = Integer.parseInt(bounds[0]);
    int max =
        bounds.length == 1
            ? min
            : bounds[1].isEmpty() ? Symbol.Repetition.UNBOUNDED : Integer.parseInt(bounds[1]);
    if (max >= 0 && max < min) {
      throw refused("a repetition " + count + " that runs backwards");
    }
    if (Math.max(min, max) > MAX_REPETITION) {
      throw refused("more than %,d repetitions".formatted(MAX_REPETITION));
    }
    at = close + 1;
    return new Regex.Repeat(part, min, max);
  }

  private FinchException refused(String what) {
    return SchemaFault.refused(
        path,
        "the pattern uses %s, which is not supported".formatted(what),
        "Simplify the pattern, or check it yourself.");
  }
}
