package dev.finch.engine;

/**
 * How much room a model gets.
 *
 * @param contextLength tokens that one conversation may hold
 * @param slots answers that are decoded at once
 * @param kvType how keys and values are stored
 */
public record LoadPlan(int contextLength, int slots, KvType kvType) {
  public LoadPlan {
    if (contextLength < 1 || slots < 1) {
      throw new IllegalArgumentException(
          "context %d, slots %d (expected: both > 0)".formatted(contextLength, slots));
    }
  }
}
