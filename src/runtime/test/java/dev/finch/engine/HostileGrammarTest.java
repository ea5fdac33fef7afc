package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.grammar.GrammarCursor;
import dev.finch.engine.grammar.RandomGbnf;
import dev.finch.engine.grammar.Vocabulary;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import dev.finch.provider.Inference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No grammar, pattern or schema ends the process or holds it up; the next answer is right. */
final class HostileGrammarTest {

  private static final Duration A_STEP = Duration.ofSeconds(5);

  private static final LoaderKit KIT = new LoaderKit();
  private static final LoaderKit.Loaded LOADED = KIT.load(TinyChat.settings("context-length=512"));

  /** Texts that an ambiguous grammar is slow with: each has many beginnings in common. */
  private static final Vocabulary WORDS =
      new Vocabulary(
          3000,
          token ->
              ("a".repeat(1 + token % 40) + (char) ('a' + token % 26) + (token % 7 == 0 ? "!" : ""))
                  .getBytes(StandardCharsets.UTF_8));

  @AfterAll
  static void stop() {
    LOADED.close();
    KIT.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= (\"a\"*)*",
        "root ::= x*\nx ::= \"\" | \"b\"",
        "root ::= ((\"a\"?)*)+",
        "root ::= (\"a\"? \"b\"?){3,}",
        "root ::= x x x x x x x x x x x x x x x x\nx ::= (\"a\" | \"a\" | \"a\" | \"a\" | [a-z])*",
        "root ::= ([a-z] | [a-z] | [a-z] | [a-z] | [a-z] | [a-z] | [a-z] | [a-z])*",
        "root ::= (\"a\"{0,400}){0,400}",
        "root ::= ((\"a\"?)*)* \"b\"",
        "root ::= a root | \"\"\na ::= \"\" | \"x\"",
        "root ::= \"a\" root \"b\"? | \"\"",
        "root ::= \"\"*",
        "root ::= \"a\"{10000}"
      })
  void aGrammarThatRepeatsNothingOrManyThings(String grammar) {
    answered(new ResponseFormat.Grammar(grammar));
  }

  @Test
  void aChainOfRulesIsFollowed() {
    String chain = rules(20_000, i -> "r" + (i + 1)) + "r20000 ::= \"yes\"\n";
    GenerateRequest request =
        TinyChat.greedy("Hi").toBuilder()
            .format(new ResponseFormat.Grammar("root ::= r0\n" + chain))
            .build();
    assertEquals("yes", LOADED.ask(request).text());
  }

  @Test
  void aWideCircleOfRulesIsFollowed() {
    String all = IntStream.range(0, 3000).mapToObj(i -> "r" + i).collect(Collectors.joining(" | "));
    answered(
        new ResponseFormat.Grammar(
            "root ::= " + all + "\n" + rules(3000, i -> "\"a\" r" + (i + 1) % 3000)));
  }

  @Test
  void hundredThousandGroupsAndRepetitionsAreRefused() {
    for (String hostile :
        new String[] {
          "(".repeat(100_000) + "\"a\"" + ")".repeat(100_000),
          "\"a\"" + "*".repeat(100_000),
          "(\"a\"{100}){100}".replace("\"a\"", "((\"a\"{100}){100}){100}"),
        }) {
      refused(new ResponseFormat.Grammar("root ::= " + hostile));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root ::= root \"a\" | \"b\"",
        "root ::= \"\" root",
        "root ::= x root\nx ::= \"a\"?",
        "root ::= x\nx ::= (\"a\"? x \"b\") | \"c\"",
        "root ::= (root | \"a\")*",
        "root ::= r1\nr1 ::= \"\" r2\nr2 ::= (\"a\"* r1)* \"b\""
      })
  void leftRecursionIsRefusedHoweverHidden(String grammar) {
    refused(new ResponseFormat.Grammar(grammar));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a?)*$",
        "^((a*)*)*$",
        "^(|a)*$",
        "^(a{0,3})*$",
        "^(a|a|a|a)*b$",
        "^((a?){0,50}){0,50}$",
        "^(a*)*(b*)*(c?)+$",
        "^(([a-z]*)*[a-z]*)*!$",
        "^(?:(?:(?:a?)?)?)*$",
        "(a|b)*a(a|b){60}",
        "^(?=.*a.{40})(?=.*b.{41})(?!.*c.{42}).*$",
        "^((?=a*)(?!b*c)a)*$",
        "(?<=(a|b)*a(a|b){30})c",
        "^(((a{0,2000}b){0,2000}c){0,2000})$",
        "\\\\p{L}{1,2000}"
      })
  void aPatternThatRepeatsNothing(String pattern) {
    answered(
        new ResponseFormat.JsonSchema("{\"type\":\"string\",\"pattern\":\"" + pattern + "\"}"));
  }

  @Test
  void hugeSchemasAreAnsweredOrRefused() {
    answered(schema("{\"items\":".repeat(10_000) + "{}" + "}".repeat(10_000)));
    answered(schema("{\"allOf\":[".repeat(5_000) + "{}" + "]}".repeat(5_000)));
    answered(
        schema(
            "{\"type\":\"object\",\"properties\":{"
                + many(100_000, i -> "\"p" + i + "\":{\"type\":\"null\"}")
                + "}}"));
    answered(schema("{\"enum\":[" + many(100_000, i -> "\"v" + i + "\"") + "]}"));
    answered(schema("{\"type\":\"string\",\"minLength\":2000000000}"));
    answered(schema("{\"type\":\"array\",\"minItems\":2000000000,\"items\":{}}"));
    answered(schema("{\"type\":\"array\",\"maxItems\":9223372036854775807,\"items\":{}}"));
    answered(schema("{\"$ref\":\"#\"}"));
    answered(
        schema(
            "{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}"));
    answered(
        schema(
            "{\"$defs\":{"
                + many(20_000, i -> "\"d" + i + "\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}")
                + ",\"d20000\":{\"type\":\"null\"}},\"$ref\":\"#/$defs/d0\"}"));
    answered(
        schema(
            "{\"type\":\"string\",\"pattern\":\"^"
                + "(".repeat(20_000)
                + "a"
                + ")".repeat(20_000)
                + "$\"}"));
    answered(schema("{\"type\":\"string\",\"pattern\":\"^((a{1,99}){1,99}){1,99}$\"}"));
    answered(
        schema(
            "{\"type\":\"integer\",\"minimum\":-9223372036854775808,\"maximum\":9223372036854775807}"));
  }

  /** Each is answered or refused within seconds, whatever it multiplies to. */
  @Test
  void schemasThatMultiplyAreAnsweredOrRefusedInTime() {
    long begun = System.nanoTime();
    String objects =
        many(400, i -> "{\"type\":\"object\",\"required\":[\"a" + i + "\",\"b" + (i + 1) + "\"]}");
    answered(schema("{\"oneOf\":[" + many(20_000, i -> "{\"const\":" + i + "}") + "]}"));
    answered(schema("{\"oneOf\":[" + objects + "]}"));
    answered(schema("{\"not\":{\"oneOf\":[" + objects + "]}}"));
    answered(
        schema(
            "{\"allOf\":["
                + many(60, i -> "{\"anyOf\":[{\"minimum\":" + i + "},{\"maxLength\":" + i + "}]}")
                + "]}"));
    answered(
        schema(
            "{\"allOf\":["
                + many(
                    40,
                    i -> "{\"if\":{\"required\":[\"a" + i + "\"]},\"then\":{\"required\":[\"b\"]}}")
                + "],\"properties\":{\"b\":{}}}"));
    answered(
        schema(
            "{\"patternProperties\":{"
                + many(2_000, i -> "\"^(x|y)*" + i + "\":{\"type\":\"integer\"}")
                + "}}"));
    answered(
        schema(
            "{\"allOf\":["
                + many(500, i -> "{\"pattern\":\"" + "[a-z]*x".repeat(1 + i % 7) + i + "\"}")
                + "]}"));
    String values = many(100_000, i -> "\"v" + i + "\"");
    answered(schema("{\"allOf\":[{\"enum\":[" + values + "]},{\"enum\":[" + values + ",1]}]}"));
    answered(
        schema(
            "{\"type\":\"object\",\"minProperties\":500,\"properties\":{"
                + many(3_000, i -> "\"p" + i + "\":{}")
                + "}}"));
    answered(
        schema("{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"enum\":[" + values + "]}}"));
    answered(schema("{\"multipleOf\":123456789.123456789,\"minimum\":1e300}"));
    answered(schema("{\"enum\":[1e999999999],\"multipleOf\":3,\"minimum\":-1e-999999999}"));
    long seconds = (System.nanoTime() - begun) / 1_000_000_000;
    assertTrue(seconds < 120, () -> seconds + " s");
  }

  @Test
  void manyToolsWithHostileSchemasAreAnsweredOrRefusedInTime() {
    List<Tool> tools =
        IntStream.range(0, 1_000)
            .mapToObj(
                i ->
                    Tool.of(
                        "t" + i,
                        null,
                        "{\"properties\":{\"a\":{\"pattern\":\"(a|b)*" + i + "(a|b){20}\"}}}"))
            .toList();
    long begun = System.nanoTime();
    GenerateRequest request =
        request(ResponseFormat.TEXT).toBuilder()
            .tools(tools)
            .toolChoice(ToolChoice.REQUIRED)
            .build();
    Inference.Reply reply = LOADED.send(request, 1000).receiveMessage(LoaderKit.PATIENCE);
    LOADED.ready.inference().tell(new Inference.Cancel(request.id()));
    requireRightAnswer();
    long seconds = (System.nanoTime() - begun) / 1_000_000_000;
    assertTrue(seconds < 60, () -> seconds + " s, " + reply);
  }

  @Test
  void wildGrammarsAreFollowedWithinTimeOrRefused() {
    SplittableRandom random = new SplittableRandom(5);
    int followed = 0;
    for (int seed = 0; seed < 400; seed++) {
      String grammar = new RandomGbnf(seed).wild();
      try {
        follow(Gbnf.check(grammar).cursor(WORDS), random);
        followed++;
      } catch (FinchException e) {
        assertEquals(FailureCode.BAD_REQUEST, e.failure().code(), grammar);
      }
    }
    int count = followed;
    assertTrue(count > 80, () -> count + " of 400 could be followed");
  }

  private static void follow(GrammarCursor cursor, SplittableRandom random) {
    for (int i = 0; i < 10; i++) {
      long begun = System.nanoTime();
      BitSet allowed = cursor.allowed();
      assertTrue(System.nanoTime() - begun < A_STEP.toNanos(), "a step took too long");
      int[] tokens = allowed.stream().toArray();
      if (tokens.length == 0) {
        return;
      }
      cursor.accept(tokens[random.nextInt(tokens.length)]);
    }
  }

  @Test
  void whatIsTooAmbiguousFailsWithItsBound() {
    GrammarCursor cursor = Gbnf.check("root ::= (\"a\"{0,400}){0,400}").cursor(WORDS);
    FinchException refused =
        assertThrows(
            FinchException.class,
            () -> {
              for (int i = 0; i < 100; i++) {
                cursor.accept(cursor.allowed().nextSetBit(30));
              }
            });
    assertTrue(refused.failure().message().contains("4,096"), refused.failure().message());
  }

  private static ResponseFormat schema(String schema) {
    return new ResponseFormat.JsonSchema(schema);
  }

  private static String rules(int count, IntFunction<String> body) {
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rules.append('r').append(i).append(" ::= ").append(body.apply(i)).append('\n');
    }
    return rules.toString();
  }

  private static String many(int count, IntFunction<String> one) {
    return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(","));
  }

  /** Whatever comes of it, the next answer is right. */
  private static void answered(ResponseFormat format) {
    GenerateRequest request = request(format);
    var reader = LOADED.send(request, 1000);
    Inference.Reply reply = reader.receiveMessage(LoaderKit.PATIENCE);
    if (reply instanceof Inference.Rejected rejected) {
      assertEquals(FailureCode.BAD_REQUEST, rejected.failure().code(), rejected.toString());
    } else {
      LOADED.ready.inference().tell(new Inference.Cancel(request.id()));
    }
    requireRightAnswer();
  }

  private static void refused(ResponseFormat format) {
    Inference.Reply reply = LOADED.send(request(format), 1).receiveMessage(LoaderKit.PATIENCE);
    var rejected = assertInstanceOf(Inference.Rejected.class, reply);
    assertEquals(FailureCode.BAD_REQUEST, rejected.failure().code());
    requireRightAnswer();
  }

  private static void requireRightAnswer() {
    assertEquals(
        "The capital of France is Paris.",
        LOADED.ask(TinyChat.greedy("What is the capital of France?")).text());
  }

  private static GenerateRequest request(ResponseFormat format) {
    GenerateRequest request = TinyChat.greedy("Hi");
    return request.toBuilder()
        .sampling(request.sampling().toBuilder().maxTokens(40).build())
        .format(format)
        .build();
  }
}
