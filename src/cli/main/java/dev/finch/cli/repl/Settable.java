package dev.finch.cli.repl;

import dev.finch.cli.launch.AskArguments;
import dev.finch.cli.launch.AskOption;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code /set} can set. */
enum Settable {
  TEMPERATURE(
      "temperature",
      AskOption.TEMPERATURE.expected(),
      Sampling::temperature,
      parsed(AskArguments::temperature, Sampling.Builder::temperature)),
  TOP_P("top-p", "a number from 0 to 1", Sampling::topP, number(Sampling.Builder::topP)),
  TOP_K(
      "top-k", "a whole number", Sampling::topK, parsed(Integer::valueOf, Sampling.Builder::topK)),
  MIN_P("min-p", "a number from 0 to 1", Sampling::minP, number(Sampling.Builder::minP)),
  SEED(
      "seed",
      AskOption.SEED.expected(),
      Sampling::seed,
      parsed(Long::valueOf, Sampling.Builder::seed)),
  MAX_TOKENS(
      "max-tokens",
      AskOption.MAX_TOKENS.expected(),
      Sampling::maxTokens,
      parsed(AskArguments::tokens, Sampling.Builder::maxTokens)),
  STOP(
      "stop",
      "a text",
      Sampling::stop,
      (to, text) -> to.stop(text == null ? List.of() : List.of(text)));

  /** Puts what was typed into a builder; null is the default. */
  @FunctionalInterface
  private interface Setter {
    Sampling.Builder put(Sampling.Builder to, @Nullable String text);
  }

  private final String word;
  private final String expected;

  @SuppressWarnings("ImmutableEnumChecker") // method references of records
  private final Function<Sampling, @Nullable Object> value;

  @SuppressWarnings("ImmutableEnumChecker") // as above
  private final Setter setter;

  Settable(
      String word, String expected, Function<Sampling, @Nullable Object> value, Setter setter) {
    this.word = word;
    this.expected = expected;
    this.value = value;
    this.setter = setter;
  }

  private static Setter number(
      BiFunction<Sampling.Builder, @Nullable Double, Sampling.Builder> to) {
    return parsed(AskArguments::number, to);
  }

  private static <T> Setter parsed(
      Function<String, T> parser, BiFunction<Sampling.Builder, @Nullable T, Sampling.Builder> to) {
    return (builder, text) -> to.apply(builder, text == null ? null : parser.apply(text));
  }

  Sampling set(Sampling sampling, String text) {
    try {
      return setter.put(sampling.toBuilder(), text.equals("-") ? null : text).build();
    } catch (NumberFormatException e) {
      throw refused(word + ": " + text + " (expected: " + expected + ", or - for the default).");
    } catch (IllegalArgumentException e) {
      throw refused(Failure.sentence(String.valueOf(e.getMessage())));
    }
  }

  static @Nullable Settable named(String word) {
    for (Settable settable : values()) {
      if (settable.word.equals(word.replace('_', '-'))) {
        return settable;
      }
    }
    return null;
  }

  static String names() {
    return String.join(", ", Arrays.stream(values()).map(settable -> settable.word).toList());
  }

  static String describe(Sampling sampling) {
    StringBuilder text = new StringBuilder();
    for (Settable settable : values()) {
      Object value = settable.value.apply(sampling);
      boolean absent = value == null || value.equals(List.of());
      text.append(
          String.format(
              Locale.ROOT, "  %-12s %s%n", settable.word, absent ? "the model's own" : value));
    }
    return text.toString();
  }

  private static FinchException refused(String message) {
    return new FinchException(Failure.permanent(FailureCode.BAD_REQUEST, message, null));
  }
}
