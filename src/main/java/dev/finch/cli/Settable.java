package dev.finch.cli;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code /set} can set. */
enum Settable {
  TEMPERATURE("temperature", Sampling::temperature) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.temperature(value == null ? null : Double.valueOf(value));
    }
  },
  TOP_P("top-p", Sampling::topP) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.topP(value == null ? null : Double.valueOf(value));
    }
  },
  TOP_K("top-k", Sampling::topK) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.topK(value == null ? null : Integer.valueOf(value));
    }
  },
  MIN_P("min-p", Sampling::minP) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.minP(value == null ? null : Double.valueOf(value));
    }
  },
  SEED("seed", Sampling::seed) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.seed(value == null ? null : Long.valueOf(value));
    }
  },
  MAX_TOKENS("max-tokens", Sampling::maxTokens) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.maxTokens(value == null ? null : Integer.valueOf(value));
    }
  },
  STOP("stop", Sampling::stop) {
    @Override
    Sampling.Builder put(Sampling.Builder to, @Nullable String value) {
      return to.stop(value == null ? List.of() : List.of(value));
    }
  };

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // method references of records
  private final Function<Sampling, @Nullable Object> value;

  Settable(String word, Function<Sampling, @Nullable Object> value) {
    this.word = word;
    this.value = value;
  }

  abstract Sampling.Builder put(Sampling.Builder to, @Nullable String value);

  Sampling set(Sampling sampling, String text) {
    try {
      return put(sampling.toBuilder(), text.equals("-") ? null : text).build();
    } catch (NumberFormatException e) {
      throw refused(word + ": " + text + " (expected: a number, or - for the default).");
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage() + ".");
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
