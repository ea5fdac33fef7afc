package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long an answer took at its provider.
 *
 * @param queued from submission to the start of work
 * @param firstToken from submission to the first content
 * @param total from submission to the end
 * @param promptPerSecond prompt tokens processed per second, 0 where unknown
 * @param completionPerSecond tokens generated per second after the first, 0 where unknown
 */
public record Timings(
    Duration queued,
    Duration firstToken,
    Duration total,
    double promptPerSecond,
    double completionPerSecond) {

  public static final Timings UNKNOWN =
      new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0);

  public Timings {
    requireNonNull(queued, "queued");
    requireNonNull(firstToken, "firstToken");
    requireNonNull(total, "total");
  }
}
