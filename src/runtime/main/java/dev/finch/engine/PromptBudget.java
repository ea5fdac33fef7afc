package dev.finch.engine;

import java.time.Duration;

/**
 * How many prompt tokens a step may hold so that it takes about as long as it should: short while
 * others generate, longer while nobody waits but the one who asked. Learns from every step.
 */
final class PromptBudget {

  // About what one step of eight answers costs. It is also the first, since a large model on a slow
  // machine may need seconds for what a small one does at once, and nobody can cancel meanwhile.
  private static final int LEAST = 8;
  private static final double GROWTH = 1.5;

  private final long target;
  private final int most;
  private double tokens;

  /**
   * @param target how long a step should take
   * @param most tokens that a step can hold
   */
  PromptBudget(Duration target, int most) {
    this.target = target.toNanos();
    this.most = most;
    tokens = Math.min(LEAST, most);
  }

  int tokens() {
    return (int) tokens;
  }

  /** A step with this many prompt tokens took this long. */
  void took(int promptTokens, long nanos) {
    if (nanos > target) {
      tokens =
          Math.max(Math.min(LEAST, most), Math.min(tokens, (double) promptTokens * target / nanos));
    } else if (promptTokens >= tokens() && nanos < target / 2) {
      tokens = Math.min(most, tokens * GROWTH);
    }
  }
}
