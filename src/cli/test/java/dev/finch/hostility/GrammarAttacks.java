package dev.finch.hostility;

import static dev.finch.RandomCases.oneOf;
import static dev.finch.hostility.TextAttacks.quoted;

import dev.finch.engine.grammar.RandomGbnf;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Grammars, patterns and schemas that repeat nothing, nest, explode or recurse. */
final class GrammarAttacks {

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";
  private static final List<String> GRAMMARS =
      List.of(
          "root ::= (\"a\"*)*",
          "root ::= x*\nx ::= \"\" | \"b\"",
          "root ::= ((\"a\"?)*)+",
          "root ::= (\"a\"{0,400}){0,400}",
          "root ::= x x x x x x x x x x x x x x x x\n"
              + "x ::= (\"a\" | \"a\" | \"a\" | \"a\" | [a-z])*",
          "root ::= a root | \"\"\na ::= \"\" | \"x\"",
          "root ::= root \"a\" | \"b\"",
          "root ::= \"a\"{1000000}",
          "root ::= (((((\"a\"{100}){100}){100}){100}){100}",
          "root ::= \"\\x00\" [\\x00-\\U0010FFFF]\u0000",
          "x ::= \"a\"");
  private static final List<String> PATTERNS =
      List.of(
          "^(a?)*$",
          "^((a*)*)*$",
          "^(|a)*$",
          "^(a{0,3})*$",
          "^(a|a|a|a)*b$",
          "^((a?){0,50}){0,50}$",
          "^(([a-z]*)*[a-z]*)*!$",
          "^((a{1,99}){1,99}){1,99}$",
          "^(?=a)(?<!b)\\\\1$",
          "(a|b)*a(a|b){60}",
          "^(?=.*a.{40})(?=.*b.{41})(?!.*c.{42}).*$");

  private GrammarAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    for (String grammar : GRAMMARS) {
      grammar(all, "the grammar " + grammar, _ -> grammar);
    }
    grammar(all, "a chain of rules", r -> chain(r.nextInt(1, 30_000)));
    grammar(all, "a circle of rules", r -> circle(r.nextInt(1, 3000)));
    grammar(all, "deep groups", r -> deep("(", "\"a\"", ")", r.nextInt(100_000)));
    grammar(all, "stars", r -> "root ::= \"a\"" + "*".repeat(r.nextInt(100_000)));
    grammar(all, "a long rule", r -> "root ::= " + "\"a\" ".repeat(r.nextInt(500_000)));
    grammar(all, "a wild grammar", r -> new RandomGbnf(r.nextInt()).wild());
    for (String pattern : PATTERNS) {
      schema(
          all,
          "the pattern " + pattern,
          _ -> "{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}");
    }
    schema(
        all, "a deep schema", r -> deep("{\"items\":", "{}", "}", r.nextInt(20_000)).substring(9));
    schema(
        all,
        "a shallow deep schema",
        r -> deep("{\"items\":", "{}", "}", r.nextInt(900)).substring(9));
    schema(all, "deep allOf", r -> deep("{\"allOf\":[", "{}", "]}", r.nextInt(5_000)).substring(9));
    schema(
        all,
        "many properties",
        r ->
            "{\"type\":\"object\",\"properties\":{"
                + many(r.nextInt(20_000), i -> "\"p" + i + "\":{\"type\":\"null\"}")
                + "}}");
    schema(
        all,
        "a wide enum",
        r -> "{\"enum\":[" + many(r.nextInt(50_000), i -> "\"v" + i + "\"") + "]}");
    schema(
        all,
        "choices that multiply",
        r ->
            "{\"allOf\":["
                + many(
                    r.nextInt(1, 60),
                    i -> "{\"anyOf\":[{\"minimum\":" + i + "},{\"maxLength\":" + i + "}]}")
                + "]}");
    schema(
        all,
        "a wide oneOf",
        r ->
            "{\"oneOf\":["
                + many(
                    r.nextInt(1, 2_000), i -> "{\"type\":\"object\",\"required\":[\"a" + i + "\"]}")
                + "]}");
    schema(all, "a self-reference", _ -> "{\"$ref\":\"#\"}");
    schema(all, "an endless minimum", _ -> "{\"type\":\"string\",\"minLength\":2000000000}");
    schema(
        all, "an endless array", _ -> "{\"type\":\"array\",\"minItems\":2000000000,\"items\":{}}");
    schema(
        all,
        "a chain of references",
        r -> {
          int length = r.nextInt(1, 20_000);
          return "{\"$defs\":{"
              + many(length, i -> "\"d" + i + "\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}")
              + ",\"d"
              + length
              + "\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/d0\"}";
        });
    schema(
        all,
        "a deep pattern",
        r ->
            "{\"type\":\"string\",\"pattern\":\"^"
                + deep("(", "a", ")", r.nextInt(20_000)).substring(9)
                + "$\"}");
    all.add(
        new Attack(
            "many tools",
            (target, r) -> target.post("/v1/chat/completions", tools(r.nextInt(3000)), r)));
    return all;
  }

  private static void grammar(List<Attack> all, String name, Function<Random, String> grammar) {
    all.add(
        new Attack(
            name,
            (target, random) ->
                target.post(
                    "/v1/chat/completions",
                    "{\"model\":\"builtin\",\"max_tokens\":8,"
                        + MESSAGES
                        + ",\"grammar\":"
                        + quoted(grammar.apply(random))
                        + "}",
                    random)));
  }

  private static void schema(List<Attack> all, String name, Function<Random, String> schema) {
    all.add(
        new Attack(
            name,
            (target, random) -> {
              String text = schema.apply(random);
              return switch (random.nextInt(3)) {
                case 0 -> target.post("/api/chat", ask("\"format\":" + text), random);
                case 1 ->
                    target.post(
                        oneOf(random, List.of("/v1/chat/completions", "/v1/messages")),
                        ask(
                            "\"tools\":[{\"name\":\"f\",\"input_schema\":"
                                + text
                                + ",\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"parameters\":"
                                + text
                                + "}}]"),
                        random);
                default ->
                    target.post(
                        "/v1/chat/completions",
                        ask(
                            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                                + "{\"name\":\"x\",\"schema\":"
                                + text
                                + "}}"),
                        random);
              };
            }));
  }

  private static String ask(String more) {
    return "{\"model\":\"builtin\",\"max_tokens\":8,\"options\":{\"num_predict\":8},"
        + MESSAGES
        + ","
        + more
        + "}";
  }

  private static String chain(int length) {
    return "root ::= r0\n" + rules(length, i -> "r" + (i + 1)) + "r" + length + " ::= \"yes\"\n";
  }

  private static String circle(int length) {
    return "root ::= "
        + IntStream.range(0, length).mapToObj(i -> "r" + i).collect(Collectors.joining(" | "))
        + "\n"
        + rules(length, i -> "\"a\" r" + (i + 1) % length);
  }

  private static String rules(int count, IntFunction<String> body) {
    return IntStream.range(0, count)
        .mapToObj(i -> "r" + i + " ::= " + body.apply(i) + "\n")
        .collect(Collectors.joining());
  }

  private static String many(int count, IntFunction<String> one) {
    return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(","));
  }

  /** As a grammar; without the first nine characters it is what is nested. */
  private static String deep(String open, String inner, String close, int times) {
    return "root ::= " + open.repeat(times) + inner + close.repeat(times);
  }

  private static String tools(int count) {
    return ask(
        "\"tools\":["
            + many(
                count,
                i ->
                    "{\"type\":\"function\",\"function\":{\"name\":\"f"
                        + i
                        + "\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}}")
            + "]");
  }
}
