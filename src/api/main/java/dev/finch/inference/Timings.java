package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How long an answer took at its provider.
 *
 * @param queued from submission to the start of work
 * @param firstToken from submission to the first content
 * @param total from submission to the end
 * @param promptPerSecond prompt tokens processed per second, empty where unknown
 * @param completionPerSecond tokens generated per second after the first, empty where unknown
 */
public record Timings(
    Duration queued,
    Duration firstToken,
    Duration total,
    OptionalDouble promptPerSecond,
    OptionalDouble completionPerSecond) {

  /** Nothing was measured. */
  public static final Timings UNKNOWN = of(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0);

  public Timings {
    requireNonNull(queued, "queued");
    requireNonNull(firstToken, "firstToken");
    requireNonNull(total, "total");
    requireNonNull(promptPerSecond, "promptPerSecond");
    requireNonNull(completionPerSecond, "completionPerSecond");
  }

  /** Rates that are not positive are not known. */
  public static Timings of(
      Duration queued,
      Duration firstToken,
      Duration total,
      double promptPerSecond,
      double completionPerSecond) {
    return new Timings(
        queued, firstToken, total, known(promptPerSecond), known(completionPerSecond));
  }

  private static OptionalDouble known(double rate) {
    return rate > 0 ? OptionalDouble.of(rate) : OptionalDouble.empty();
  }
}
