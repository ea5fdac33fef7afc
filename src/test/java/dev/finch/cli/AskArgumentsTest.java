package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.model.ModelReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskArgumentsTest {

  @Test
  void joinsWordsIntoOneQuestion() {
    assertEquals("What is this", parse("What", "is", "this").words());
  }

  @Test
  void readsEveryOption() {
    AskOptions options =
        parse(
            "-m",
            "random:small@7",
            "--wait",
            "--system=Be brief",
            "--temperature",
            "0.5",
            "--seed",
            "-3",
            "--max-tokens",
            "9",
            "--stop",
            "a",
            "--stop",
            "b",
            "--schema",
            "s.json",
            "-f",
            "x.txt",
            "--json",
            "--stream",
            "--accept-license",
            "qwen-research",
            "--server",
            "http://h:1",
            "-q",
            "-v",
            "Hi");
    AskOptions expected =
        new AskOptions(
            "Hi",
            new ModelReference.Random("small", 7),
            false,
            false,
            true,
            "Be brief",
            0.5,
            -3L,
            9,
            List.of("a", "b"),
            "s.json",
            List.of("x.txt"),
            true,
            true,
            List.of("qwen-research"),
            "http://h:1",
            true,
            true,
            false,
            false);
    assertEquals(expected, options);
  }

  @Test
  void takesWhatFollowsTwoDashesAsTheQuestion() {
    assertEquals("--local is what?", parse("--", "--local", "is", "what?").words());
  }

  @Test
  void takesAQuestionThatBeginsWithADashAsOne() {
    assertEquals("-5 + 3 is?", parse("-5 + 3 is?").words());
  }

  @Test
  void aBareQuestionNamesNothing() {
    assertTrue(parse("Hi", "--seed", "1").bare());
  }

  @ParameterizedTest
  @CsvSource({"--model builtin", "--local", "--cloud", "--wait", "--json", "--schema x"})
  void whateverNamesAWayToAnswerIsNotBare(String flags) {
    assertFalse(AskArguments.parse(List.of(flags.split(" ", -1))).bare());
  }

  @ParameterizedTest
  @CsvSource({
    "--nonsense,Unknown option --nonsense",
    "--seed,--seed needs a value",
    "--seed x,--seed: x (expected: NUMBER)",
    "--local --cloud,exclude each other",
    "--stream,--stream goes with --json",
    "--json=yes,--json takes no value",
    "--seed 1 --seed 2,--seed stands more than once",
    "--model no/such/thing,is not a model reference"
  })
  void saysWhatIsWrong(String flags, String message) {
    UsageException e =
        assertThrows(UsageException.class, () -> AskArguments.parse(List.of(flags.split(" ", -1))));
    String said = String.valueOf(e.getMessage());
    assertTrue(said.contains(message), said);
  }

  private static AskOptions parse(String... arguments) {
    return AskArguments.parse(List.of(arguments));
  }
}
