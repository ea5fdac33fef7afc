package dev.finch.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Draws templates, with what they are given, from Jinja's grammar: most mean something, some fail.
 */
final class TemplateGrammar {

  private static final List<String> NAMES =
      List.of("a", "b", "c", "d", "l", "m", "s", "t", "u", "x");
  private static final List<String> LITERALS =
      List.of(
          "1",
          "0",
          "-2",
          "7",
          "2.5",
          "true",
          "false",
          "none",
          "'a'",
          "'B c'",
          "\"it's\"",
          "''",
          "'é😀'",
          "'%s'",
          "'a\\nb'",
          "[]",
          "{}",
          "()",
          "1e3",
          "'x,y,z'",
          "10",
          "'-'");
  private static final List<String> BINARY =
      List.of(
          "+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", ">", "<=", ">=", "in", "not in",
          "and", "or", "~", "+", "==");
  private static final List<String> FILTERS =
      List.of(
          "length",
          "upper",
          "lower",
          "trim",
          "string",
          "int",
          "float",
          "first",
          "last",
          "list",
          "join",
          "join(', ')",
          "join('-', attribute='k')",
          "default('D')",
          "default(1, true)",
          "tojson",
          "tojson(indent=2)",
          "sort",
          "sort(reverse=true)",
          "unique|list",
          "reverse|list",
          "map('string')|list",
          "map('upper')|join",
          "map(attribute='k')|list",
          "select|list",
          "reject('none')|list",
          "selectattr('k')|list",
          "selectattr('k', 'defined')|list|length",
          "replace('a', 'x')",
          "replace('', '.', 2)",
          "title",
          "capitalize",
          "abs",
          "round",
          "round(1)",
          "sum",
          "min",
          "max",
          "batch(2)|list",
          "slice(2)|list",
          "dictsort",
          "items|list",
          "indent",
          "indent(2, true)",
          "truncate(4)",
          "wordcount",
          "center(7)",
          "e",
          "escape|upper",
          "pprint",
          "striptags",
          "urlencode",
          "format(1)",
          "groupby('k')|list|length",
          "count",
          "wordwrap(5)",
          "filesizeformat",
          "map('default', 'q')|list",
          "select('string')|list",
          "reject('odd')|list",
          "safe",
          "d");
  private static final List<String> TESTS =
      List.of(
          "defined",
          "none",
          "string",
          "number",
          "mapping",
          "iterable",
          "sequence",
          "odd",
          "even",
          "divisibleby 2",
          "eq 1",
          "in l",
          "true",
          "boolean",
          "integer",
          "float",
          "lower",
          "upper",
          "sameas none",
          "undefined",
          "callable",
          "gt 0",
          "ne 'a'");
  private static final List<String> METHODS =
      List.of(
          "upper()",
          "strip()",
          "split()",
          "split(',')",
          "split(',', 1)",
          "items()",
          "keys()|list",
          "values()|list",
          "get('k')",
          "get('z', 1)",
          "startswith('a')",
          "endswith('c')",
          "replace('a', 'b')",
          "title()",
          "rstrip('a')",
          "lstrip()",
          "join(['1', '2'])",
          "splitlines()",
          "find('a')",
          "count('a')",
          "isdigit()",
          "index('a')",
          "format(1, 2)",
          "capitalize()",
          "zfill(4)",
          "partition(',')",
          "center(5, '*')",
          "swapcase()",
          "k",
          "x",
          "append(1)",
          "removeprefix('a')",
          "count(1)",
          "rsplit(' ', 1)");
  private static final List<String> LOOP =
      List.of(
          "loop.index",
          "loop.first",
          "loop.last",
          "loop.length",
          "loop.revindex0",
          "loop.index0",
          "loop.previtem",
          "loop.nextitem",
          "loop.cycle('p', 'q')",
          "loop.changed(x)",
          "loop.depth");
  private static final List<String> TEXTS =
      List.of("\n", " ", "text", "  \n", "\n  ", "<a>", "", "{ x }", "\t", "- ", "é", "\n\n");

  private final Random random;
  private int budget = 18;
  private int loops;

  TemplateGrammar(Random random) {
    this.random = random;
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** What the template is given. */
  Map<String, Object> context() {
    Map<String, Object> context = new LinkedHashMap<>();
    for (String name : NAMES) {
      if (chance(90)) {
        context.put(name, value(0));
      }
    }
    return context;
  }

  private Object value(int depth) {
    int kind = random.nextInt(depth > 2 ? 6 : 9);
    return switch (kind) {
      case 0 -> (long) random.nextInt(-3, 12);
      case 1 -> random.nextInt(-20, 20) / 4.0;
      case 2 -> random.nextBoolean();
      case 3, 4 ->
          one(
              List.of(
                  "", "a", "B c", "x,y", "Hello World", "é😀 z", "it's", "a\nb\n", "12", "<b>"));
      case 5 -> "k";
      case 6, 7 -> {
        Object[] items = new Object[random.nextInt(4)];
        boolean alike = chance(60);
        for (int i = 0; i < items.length; i++) {
          items[i] = alike ? (Object) (long) random.nextInt(5) : value(depth + 1);
        }
        yield List.of(items);
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(one(List.of("k", "x", "a", "items", "Z")), value(depth + 1));
        }
        yield map;
      }
    };
  }

  String template() {
    return body(0);
  }

  private String body(int depth) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      out.append(statement(depth));
    }
    return out.toString();
  }

  private String open() {
    return chance(75) ? "{%" : chance(80) ? "{%-" : "{%+";
  }

  private String close() {
    return chance(75) ? "%}" : chance(80) ? "-%}" : "+%}";
  }

  private String tag(String inside) {
    return open() + " " + inside + " " + close();
  }

  private String print(String expression) {
    return (chance(80) ? "{{ " : "{{- ") + expression + (chance(80) ? " }}" : " -}}");
  }

  private String statement(int depth) {
    if (--budget < 0 || depth > 3) {
      return print(expression(1));
    }
    return switch (random.nextInt(22)) {
      case 0, 1, 2, 3 -> one(TEXTS);
      case 4, 5, 6, 7 -> print(expression(3));
      case 8, 9, 10 -> condition(depth);
      case 11, 12, 13 -> loop(depth);
      case 14, 15 -> tag("set " + name() + " = " + expression(2));
      case 16 -> tag("set " + name()) + body(depth + 1) + tag("endset");
      case 17 -> macro(depth);
      case 18 -> tag("with " + name() + " = " + expression(1)) + body(depth + 1) + tag("endwith");
      case 19 ->
          tag("filter " + one(List.of("upper", "trim", "replace('a', 'b')", "indent(2)")))
              + body(depth + 1)
              + tag("endfilter");
      case 20 ->
          chance(50)
              ? (chance(70) ? "{# c #}" : "{#- c -#}")
              : tag("generation") + body(depth + 1) + tag("endgeneration");
      default -> namespace(depth);
    };
  }

  private String namespace(int depth) {
    return tag("set ns = namespace(v=" + expression(1) + ")")
        + tag("for x in l")
        + tag("set ns.v = " + one(List.of("ns.v ~ x", "x", "loop.index", expression(1))))
        + tag("endfor")
        + print("ns.v");
  }

  private String condition(int depth) {
    StringBuilder out = new StringBuilder(tag("if " + expression(2)) + body(depth + 1));
    if (chance(25)) {
      out.append(tag("elif " + expression(2))).append(body(depth + 1));
    }
    if (chance(50)) {
      out.append(tag("else")).append(body(depth + 1));
    }
    return out.append(tag("endif")).toString();
  }

  private String loop(int depth) {
    String target = chance(80) ? name() : "a, b";
    String items =
        one(List.of("l", "m", "s", "[1, 2, 3]", "range(3)", "d.items()", "'ab'", expression(1)));
    String test = chance(25) ? " if " + expression(1) : "";
    loops++;
    String body = body(depth + 1);
    if (chance(30)) {
      body += tag("if " + expression(1)) + tag(chance(50) ? "break" : "continue") + tag("endif");
      body += one(TEXTS);
    }
    loops--;
    String otherwise = chance(25) ? tag("else") + body(depth + 1) : "";
    return tag("for " + target + " in " + items + test) + body + otherwise + tag("endfor");
  }

  private String macro(int depth) {
    int before = loops;
    loops = 0;
    String parameters = one(List.of("", "a", "a, b=1", "x, y='q'", "a=s"));
    String body = body(depth + 1) + (chance(30) ? print("caller()") : "");
    loops = before;
    String macro = tag("macro f(" + parameters + ")") + body + tag("endmacro");
    String call =
        chance(60)
            ? print("f(" + one(List.of("", "1", "s, 2", "a=3", "l, b=d")) + ")")
            : tag("call f(1)") + body(depth + 1) + tag("endcall");
    return macro + call;
  }

  private String name() {
    return one(NAMES);
  }

  private String expression(int depth) {
    if (--budget < -60 || depth <= 0) {
      return chance(50) ? name() : one(LITERALS);
    }
    return switch (random.nextInt(18)) {
      case 0, 1 -> one(LITERALS);
      case 2, 3 -> name();
      case 4, 5 -> expression(depth - 1) + " " + one(BINARY) + " " + expression(depth - 1);
      case 6, 7 -> postfixed(depth) + "|" + one(FILTERS);
      case 8 -> postfixed(depth) + " is " + (chance(30) ? "not " : "") + one(TESTS);
      case 9 -> postfixed(depth) + "." + one(METHODS);
      case 10 -> postfixed(depth) + one(List.of("[0]", "[-1]", "['k']"));
      // Of constants, Jinja2 computes some slices ahead and takes their failure as undefined.
      case 11 -> name() + one(List.of("[1:]", "[:2]", "[::-1]", "[-2:]", "[1:5:2]"));
      case 12 ->
          expression(depth - 1)
              + " if "
              + expression(depth - 1)
              + (chance(80) ? " else " + expression(depth - 1) : "");
      case 13 -> "not " + expression(depth - 1);
      case 14 -> "[" + expression(depth - 1) + ", " + expression(depth - 1) + "]";
      case 15 -> "{'k': " + expression(depth - 1) + ", 'x': " + expression(depth - 1) + "}";
      case 16 -> "(" + expression(depth - 1) + ")";
      default -> loops > 0 ? one(LOOP) : "-" + postfixed(depth);
    };
  }

  private String postfixed(int depth) {
    return chance(60) ? name() : "(" + expression(depth - 1) + ")";
  }
}
