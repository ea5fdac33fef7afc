package dev.finch.cli.launch;

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

  @ParameterizedTest
  @CsvSource({"0,0", "2,2", "2.0,2", ".5,0.5", "1.,1", "+1,1", "5e-1,0.5", "-0,-0.0"})
  void takesATemperatureWithinItsRange(String text, double temperature) {
    assertEquals(Double.valueOf(temperature), parse("--temperature", text).temperature());
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
    "--seed x,--seed: x (expected: a whole number of at most 64 bits)",
    "--seed 1.5,--seed: 1.5 (expected",
    "--seed 9223372036854775808,--seed: 9223372036854775808 (expected",
    "--seed=,--seed:  (expected",
    "--temperature 3,--temperature: 3 (expected: a number from 0 to 2)",
    "--temperature 2.0001,--temperature: 2.0001 (expected",
    "--temperature -0.1,--temperature: -0.1 (expected",
    "--temperature NaN,--temperature: NaN (expected",
    "--temperature Infinity,--temperature: Infinity (expected",
    "--temperature -Infinity,--temperature: -Infinity (expected",
    "--temperature 1e999,--temperature: 1e999 (expected",
    "--temperature 1f,--temperature: 1f (expected",
    "--temperature 0x1p0,--temperature: 0x1p0 (expected",
    "--temperature=,--temperature:  (expected",
    "--max-tokens 0,--max-tokens: 0 (expected: a whole number from 1 to 2147483647)",
    "--max-tokens -1,--max-tokens: -1 (expected",
    "--max-tokens 2147483648,--max-tokens: 2147483648 (expected",
    "--max-tokens 1e3,--max-tokens: 1e3 (expected",
    "--max-tokens=,--max-tokens:  (expected",
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
