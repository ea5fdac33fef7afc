package dev.finch.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What /set takes is what the flags take. */
class SettableTest {

  private static final Sampling SAMPLING = Sampling.builder().build();

  @ParameterizedTest
  @CsvSource({
    "temperature, 9, a number from 0 to 2",
    "temperature, -1, a number from 0 to 2",
    "temperature, 2.001, a number from 0 to 2",
    "temperature, NaN, a number from 0 to 2",
    "temperature, 0x1p0, a number from 0 to 2",
    "temperature, 1f, a number from 0 to 2",
    "temperature, hot, a number from 0 to 2",
    "top-p, NaN, a number from 0 to 1",
    "min-p, 0x1p0, a number from 0 to 1",
    "seed, 1.5, a whole number of at most 64 bits",
    "seed, 9223372036854775808, a whole number of at most 64 bits",
    "max-tokens, 0, a whole number from 1",
    "max-tokens, -3, a whole number from 1",
  })
  void refusesWhatTheFlagsRefuse(String name, String value, String expected) {
    Settable settable = Settable.named(name);
    FinchException refused =
        assertThrows(FinchException.class, () -> settable.set(SAMPLING, value));
    String message = refused.failure().message();
    assertTrue(message.contains(expected) && message.contains(value), message);
  }

  @ParameterizedTest
  @CsvSource({"top-p, 1.5", "top-p, -1", "min-p, 2", "top-k, -2"})
  void refusesWhatIsOutOfRange(String name, String value) {
    Settable settable = Settable.named(name);
    assertThrows(FinchException.class, () -> settable.set(SAMPLING, value));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2, 2", ".5, 0.5", "1e0, 1"})
  void takesTheWholeRange(String value, double temperature) {
    assertEquals(temperature, Settable.TEMPERATURE.set(SAMPLING, value).temperature());
  }
}
