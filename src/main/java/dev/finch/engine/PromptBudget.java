package dev.finch.engine;

import java.time.Duration;

/**
 * How many prompt tokens a step may hold so that it takes about as long as it should: short while
 * others generate, longer while nobody waits but the one who asked. Learns from every step.
 */
final class PromptBudget {

  private static final int LEAST = 8;
  private static final double GROWTH = 1.5;

  private final long target;
  private final int most;
  private double tokens;

  /**
   * @param target how long a step should take
   * @param first tokens of the first step
   * @param most tokens that a step can hold
   */
  PromptBudget(Duration target, int first, int most) {
    this.target = target.toNanos();
    this.most = most;
    tokens = Math.clamp(first, Math.min(LEAST, most), most);
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
