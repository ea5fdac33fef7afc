package dev.finch.claude;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a failed try is repeated, and after what wait: the rules of Anthropic's own SDKs, with a
 * bound on the wait. Pure apart from the source of jitter.
 *
 * @param retries how many tries and how long a wait
 * @param jitter gives numbers from 0 to 1
 */
record RetryPolicy(ClaudeSettings.Retries retries, DoubleSupplier jitter) {

  private static final double FIRST_WAIT_MILLIS = 500;
  private static final double LONGEST_OWN_WAIT_MILLIS = 8000;

  /** The headers of a response by lower-case name, null where absent. */
  @FunctionalInterface
  interface Headers {
    @Nullable String apply(String name);
  }

  /**
   * The wait before the next try, or null where there must be none.
   *
   * @param triesBefore retries already made
   * @param status the response's status, or 0 where no response or no whole one came
   * @param hopeless whether the error says that repeating is useless
   */
  @Nullable Duration next(int triesBefore, int status, boolean hopeless, Headers headers) {
    if (triesBefore >= retries.most() || hopeless || !mayRetry(status, headers)) {
      return null;
    }
    Duration asked = askedWait(headers, Instant.now());
    if (asked == null) {
      return ownWait(triesBefore);
    }
    return asked.compareTo(retries.longestWait()) > 0 ? null : asked;
  }

  /** The wait that the response asks for, or null where it names none. */
  static @Nullable Duration askedWait(Headers headers, Instant now) {
    Duration millis = duration(headers.apply("retry-after-ms"), 1e-3);
    if (millis != null) {
      return millis;
    }
    String after = headers.apply("retry-after");
    Duration seconds = duration(after, 1);
    return seconds != null ? seconds : until(after, now);
  }

  private static boolean mayRetry(int status, Headers headers) {
    String told = headers.apply("x-should-retry");
    if ("true".equals(told) || "false".equals(told)) {
      return "true".equals(told);
    }
    return status == 0 || status == 408 || status == 409 || status == 429 || status >= 500;
  }

  private Duration ownWait(int triesBefore) {
    double millis = Math.min(FIRST_WAIT_MILLIS * Math.pow(2, triesBefore), LONGEST_OWN_WAIT_MILLIS);
    return Duration.ofMillis(Math.round(millis * (1 - 0.25 * jitter.getAsDouble())));
  }

  private static @Nullable Duration duration(@Nullable String value, double secondsPerUnit) {
    if (value == null) {
      return null;
    }
    try {
      double seconds = Double.parseDouble(value.strip()) * secondsPerUnit;
      boolean sane = seconds >= 0 && seconds < Integer.MAX_VALUE;
      return sane ? Duration.ofMillis(Math.round(seconds * 1000)) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Duration until(@Nullable String date, Instant now) {
    if (date == null) {
      return null;
    }
    try {
      DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);
      Duration wait = Duration.between(now, format.parse(date.strip(), Instant::from));
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
