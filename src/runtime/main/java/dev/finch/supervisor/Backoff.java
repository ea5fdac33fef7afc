package dev.finch.supervisor;

import java.time.Duration;

/**
 * The wait before the next try: it doubles from the shortest to the longest.
 *
 * @param shortest wait after the first failure
 * @param longest bound of every wait
 */
record Backoff(Duration shortest, Duration longest) {

  /** The wait after this many failures in a row, which is at least 1. */
  Duration after(int failures) {
    int doublings = Math.min(failures - 1, 30);
    Duration wait = shortest.multipliedBy(1L << doublings);
    return wait.compareTo(longest) > 0 ? longest : wait;
  }
}
