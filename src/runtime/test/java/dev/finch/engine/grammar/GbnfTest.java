package dev.finch.engine.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class GbnfTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments("", "line 1, column 1: there is no rule named root"),
        arguments("answer ::= \"a\"", "there is no rule named root"),
        arguments("root ::= missing", "line 1, column 10: the rule missing is not defined"),
        arguments("root = \"a\"", "line 1, column 6: expected ::="),
        arguments("root ::= \"a", "line 1, column 10: the closing \" is missing"),
        arguments("root ::= [a", "the closing ] is missing"),
        arguments("root ::= []", "an empty class"),
        arguments("root ::= [z-a]", "runs backwards"),
        arguments("root ::= (\"a\"", "never closed"),
        arguments("root ::= \"a\" )", "found ')'"),
        arguments("root ::= \"a\"\nb_c ::= \"x\"", "line 2, column 2: expected ::="),
        arguments("root ::= *", "expected a symbol before '*'"),
        arguments("root ::= \"a\"{2,1}", "at least 2 and at most 1"),
        arguments("root ::= \"a\"{x}", "expected a number"),
        arguments("root ::= \"a\"{1000000}", "more than 10,000"),
        arguments("root ::= ((\"abc\"{9999}){9999})", "more than 500,000 elements"),
        arguments("root ::= \"\\q\"", "the escape \\q"),
        arguments("root ::= \"\\x4\"", "expected 2 hexadecimal digits"),
        arguments("root ::= \"\\UFFFFFFFF\"", "no code point"),
        arguments(
            "root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1: the rule root is defined twice"),
        arguments("root ::= root \"a\" | \"b\"", "left recursion"),
        arguments("root ::= x root | \"b\"\nx ::= \"\"", "left recursion"),
        arguments("root ::= a\na ::= \"x\"? b\nb ::= a \"y\" | \"z\"", "left recursion"),
        arguments("root ::= \"a\" root", "never comes to an end"),
        arguments("(".repeat(200), "expected a rule's name"),
        arguments("root ::= " + "(".repeat(200) + "\"a\"" + ")".repeat(200), "nested groups"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void refusesWhatLlamaWouldIgnore(String grammar, String message) {
    FinchException refused = assertThrows(FinchException.class, () -> Gbnf.check(grammar));
    assertEquals(FailureCode.BAD_REQUEST, refused.failure().code());
    assertTrue(refused.failure().message().contains(message), () -> refused.failure().message());
  }

  static Stream<Arguments> sentences() {
    return Stream.of(
        arguments("root ::= \"yes\" | \"no\"", "no", "maybe"),
        arguments("root ::= [a-c]+ # letters\n", "abcab", "abd"),
        arguments("root ::= [^\"\\\\\\n]*", "a🐦b", "a\nb"),
        arguments("root ::= .{2,3}", "🐦🐦", "🐦"),
        arguments("root ::= (\n  \"a\" |\n  b\n)?\nb ::= \"\\x42\\u00e9\\U0001F426\"", "Bé🐦", "B"),
        arguments("root ::=\n  \"a\" |\n  \"b\" root \"b\"\n", "bbabb", "bab b"),
        arguments("root ::= \"(\" root \")\" | \"\"", "((()))", "(()"),
        arguments("root ::= [a\\-z\\]]+", "a", "b"),
        arguments("root ::= [az-]+", "z-a", "b"),
        arguments("root ::= \"a\"{2}\"b\"{1,}", "aabbb", "abb"),
        arguments("root ::= ( \"\" )* \"a\"", "a", "aa"));
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void derivesExactlyItsSentences(String grammar, String sentence, String other) {
    if (grammar.contains("\\-")) {
      assertThrows(FinchException.class, () -> Gbnf.check(grammar));
      return;
    }
    Gbnf gbnf = Gbnf.check(grammar);
    assertTrue(Sentences.accepts(gbnf, sentence));
    assertEquals(false, Sentences.accepts(gbnf, other));
  }

  @Test
  void whatIsDerivedIsAccepted() {
    Gbnf gbnf =
        Gbnf.check(
            """
            root ::= value
            value ::= "[" (value ("," value)*)? "]" | [0-9]{1,3} | "\\"" [^"\\\\]* "\\""
            """);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      String sentence = Sentences.derive(gbnf, random);
      assertTrue(Sentences.accepts(gbnf, sentence), sentence);
      assertEquals(false, Sentences.accepts(gbnf, sentence + "]"), sentence);
    }
  }
}
