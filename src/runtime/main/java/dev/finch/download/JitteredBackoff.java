package dev.finch.download;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to pause after failures in a row: doubling from {@code min} to {@code max}, and a random
 * part of that, so that many clients do not come back at once.
 */
record JitteredBackoff(Duration min, Duration max) {

  private static final int MOST_DOUBLINGS = 20;

  /** The pause after the {@code failures}-th failure in a row, counted from 1. */
  Duration pause(int failures, RandomGenerator random) {
    long doubled = min.toMillis() << Math.clamp(failures - 1, 0, MOST_DOUBLINGS);
    long ceiling = Math.max(min.toMillis(), Math.min(max.toMillis(), doubled));
    return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
  }
}
