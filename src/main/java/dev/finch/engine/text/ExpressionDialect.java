package dev.finch.engine.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the inside of one tag where the template library binds otherwise than Jinja: {@code not}
 * takes the whole comparison behind it, a named argument the whole expression; nested dictionaries
 * may close with two braces; a slice may run backwards; strings may name code points by number.
 */
final class ExpressionDialect {

  private static final Pattern TOKEN =
      Pattern.compile("(?s)\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|\\w+|==|!=|<=|>=|\\s+|.");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");
  private static final Set<String> KNOWN_TESTS =
      Set.of(
          "boolean",
          "defined",
          "divisibleby",
          "eq",
          "equalto",
          "even",
          "false",
          "float",
          "ge",
          "gt",
          "in",
          "integer",
          "iterable",
          "le",
          "lower",
          "lt",
          "mapping",
          "ne",
          "none",
          "number",
          "odd",
          "sameas",
          "sequence",
          "string",
          "true",
          "undefined",
          "upper");
  private static final Set<String> ENDS_NOT = Set.of("and", "or", "if", "else", ",", ":");

  private final List<String> tokens = new ArrayList<>();
  private final int[] opens;
  private final int[] closes;

  private ExpressionDialect(String text) {
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    opens = new int[tokens.size() + 1];
    closes = new int[tokens.size() + 1];
  }

  /** The same expression, or statement, in the library's words. */
  static String translate(String text) {
    ExpressionDialect dialect = new ExpressionDialect(text);
    boolean definition = text.strip().startsWith("macro") || text.strip().startsWith("call");
    dialect.checkNames();
    dialect.bracket(definition);
    return dialect.print().replace("[::-1]", ".__reversed__()");
  }

  /** The library takes what an unknown filter or test says for an empty value. */
  private void checkNames() {
    for (int i = 0; i < tokens.size(); i++) {
      String next = word(i, 1);
      if (tokens.get(i).equals("|") && !TemplateFilters.isAllowed(next)) {
        throw new Jinja.TemplateException("it uses the filter '" + next + "'");
      }
      if (tokens.get(i).equals("is") && !next.equals("not") && !KNOWN_TESTS.contains(next)) {
        throw new Jinja.TemplateException("it uses the test '" + next + "'");
      }
    }
  }

  private void bracket(boolean definition) {
    for (int i = 0; i < tokens.size(); i++) {
      if (isNegation(i)) {
        wrap(i + 1, end(i + 1, ENDS_NOT));
      } else if (!definition && isNamedArgument(i)) {
        wrap(i + 1, end(i + 1, Set.of(",")));
      }
    }
  }

  private boolean isNegation(int at) {
    return tokens.get(at).equals("not") && !word(at, -1).equals("is") && !word(at, 1).equals("in");
  }

  private boolean isNamedArgument(int at) {
    return tokens.get(at).equals("=") && innermostBracket(at).equals("(");
  }

  /** The bracket that is open at a token, or an empty text. */
  private String innermostBracket(int at) {
    int depth = 0;
    for (int i = at - 1; i >= 0; i--) {
      String token = tokens.get(i);
      if (isOneOf(token, ")]}")) {
        depth++;
      } else if (isOneOf(token, "([{") && depth-- == 0) {
        return token;
      }
    }
    return "";
  }

  /** The nearest token that is not white space, in a direction; empty behind the ends. */
  private String word(int at, int step) {
    int i = at + step;
    while (i >= 0 && i < tokens.size() && tokens.get(i).isBlank()) {
      i += step;
    }
    return i >= 0 && i < tokens.size() ? tokens.get(i) : "";
  }

  private int end(int from, Set<String> marks) {
    int depth = 0;
    for (int i = from; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (isOneOf(token, "([{")) {
        depth++;
      } else if (isOneOf(token, ")]}") && depth-- == 0) {
        return i;
      } else if (depth == 0 && marks.contains(token)) {
        return i;
      }
    }
    return tokens.size();
  }

  private static boolean isOneOf(String token, String brackets) {
    return token.length() == 1 && brackets.contains(token);
  }

  private void wrap(int from, int to) {
    int first = from;
    int last = to;
    while (first < last && tokens.get(first).isBlank()) {
      first++;
    }
    while (last > first && tokens.get(last - 1).isBlank()) {
      last--;
    }
    if (last - first > 1) {
      opens[first]++;
      closes[last]++;
    }
  }

  private String print() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i <= tokens.size(); i++) {
      out.repeat(')', closes[i]).repeat('(', opens[i]);
      if (i < tokens.size()) {
        String token = tokens.get(i);
        boolean twoBraces =
            token.equals("}") && !out.isEmpty() && out.charAt(out.length() - 1) == '}';
        out.append(
            twoBraces ? " }" : ESCAPE.matcher(token).replaceAll(ExpressionDialect::codeUnit));
      }
    }
    return out.toString();
  }

  private static String codeUnit(MatchResult escape) {
    char c = (char) Integer.parseInt(escape.group(1), 16);
    boolean special = c == '"' || c == '\'' || c == '\\';
    return Matcher.quoteReplacement(special ? "\\" + c : String.valueOf(c));
  }
}
