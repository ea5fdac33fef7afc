package dev.finch.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/** How many CPU threads one decode step is spread over. */
final class ThreadCount {

  // Below this, a layer takes less time than waking a second thread: the 1 MB model decodes two to
  // three times as fast on one thread as on two, and to find that out again would delay it.
  private static final long SMALL_MODEL_BYTES = 32L << 20;

  // Decoding is bound by memory bandwidth, which no desktop or server core count above this raises.
  private static final int MOST = 16;

  // Prompts gain from threads that single tokens do not need, so fewer must be faster by this much.
  private static final double CLEARLY = 0.97;

  // Once this much is lost, still fewer threads are not going to win.
  private static final double HOPELESS = 1.15;

  private ThreadCount() {}

  /** Whether a model of that size is worth measuring with that many processors. */
  static boolean worthMeasuring(long weightBytes, int processors) {
    return weightBytes >= SMALL_MODEL_BYTES && processors > 1;
  }

  /**
   * The threads for the fastest step.
   *
   * @param processors that this process may use
   * @param stepNanos measures a step with that many threads
   */
  static int fastest(int processors, IntToLongFunction stepNanos) {
    int best = 0;
    long shortest = Long.MAX_VALUE;
    for (int threads : candidates(processors)) {
      long nanos = stepNanos.applyAsLong(threads);
      if (best == 0 || nanos < shortest * CLEARLY) {
        best = threads;
        shortest = nanos;
      } else if (nanos > shortest * HOPELESS) {
        break;
      }
    }
    return best;
  }

  /** From all processors down to one, in steps of about a quarter. */
  private static List<Integer> candidates(int processors) {
    List<Integer> candidates = new ArrayList<>();
    for (int threads = Math.clamp(processors, 1, MOST); threads > 0; threads = threads * 3 / 4) {
      candidates.add(threads);
    }
    return candidates;
  }
}
