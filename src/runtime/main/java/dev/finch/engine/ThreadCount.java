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
   * The threads for the fastest step. Whatever else runs on the machine slows many threads down
   * more than few, so the largest number is measured once more before a smaller one is taken.
   *
   * @param processors that this process may use
   * @param stepNanos measures a step with that many threads
   */
  static int fastest(int processors, IntToLongFunction stepNanos) {
    int most = most(processors);
    int best = most;
    long shortest = stepNanos.applyAsLong(most);
    for (int threads : fewer(most)) {
      long nanos = stepNanos.applyAsLong(threads);
      if (nanos < shortest * CLEARLY) {
        best = threads;
        shortest = nanos;
      } else if (nanos > shortest * HOPELESS) {
        break;
      }
    }
    return best < most && shortest >= stepNanos.applyAsLong(most) * CLEARLY ? most : best;
  }

  /** The largest number that is tried. */
  static int most(int processors) {
    return Math.clamp(processors, 1, MOST);
  }

  /** From the next number below down to one, in steps of about a quarter. */
  private static List<Integer> fewer(int most) {
    List<Integer> candidates = new ArrayList<>();
    for (int threads = most * 3 / 4; threads > 0; threads = threads * 3 / 4) {
      candidates.add(threads);
    }
    return candidates;
  }
}
