package dev.finch.engine;

/** How many CPU threads one decode step is spread over. */
final class ThreadCount {

  // Below this, a layer takes less time than waking a second thread: the 1 MB model decodes two to
  // three times as fast on one thread as on two.
  private static final long SMALL_MODEL_BYTES = 32L << 20;

  // Decoding is bound by memory bandwidth, which no desktop or server core count above this raises.
  private static final int MOST = 16;

  private ThreadCount() {}

  /**
   * The threads to use.
   *
   * @param configured 0 chooses
   * @param weightBytes of the model
   * @param processors that this process may use
   */
  static int choose(int configured, long weightBytes, int processors) {
    if (configured > 0) {
      return configured;
    }
    return weightBytes < SMALL_MODEL_BYTES ? 1 : Math.clamp(processors, 1, MOST);
  }
}
