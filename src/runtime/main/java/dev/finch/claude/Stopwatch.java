package dev.finch.claude;

import dev.finch.inference.Timings;
import java.time.Duration;

/** Measures one answer from its making on. Not thread-safe. */
final class Stopwatch {

  private final long start = System.nanoTime();
  private long first;

  /** The first content came; later calls change nothing. */
  void firstContent() {
    if (first == 0) {
      first = System.nanoTime();
    }
  }

  /** The durations up to now. */
  Timings timings(long completionTokens) {
    long now = System.nanoTime();
    long firstOrNow = first == 0 ? now : first;
    double seconds = (now - firstOrNow) / 1e9;
    double rate = seconds > 0 && completionTokens > 1 ? (completionTokens - 1) / seconds : 0;
    return Timings.of(
        Duration.ZERO,
        Duration.ofNanos(firstOrNow - start),
        Duration.ofNanos(now - start),
        0,
        rate);
  }
}
