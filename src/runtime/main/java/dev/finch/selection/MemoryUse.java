package dev.finch.selection;

/**
 * How a model is to be run, as far as its memory depends on it.
 *
 * @param contextLength tokens that each conversation may hold
 * @param slots conversations decoded at once
 * @param batchTokens the most tokens of one decode step
 * @param quantizedCache whether keys and values are stored as Q8_0 instead of F16
 * @param flashAttention whether attention scores are computed without being stored
 */
public record MemoryUse(
    int contextLength, int slots, int batchTokens, boolean quantizedCache, boolean flashAttention) {

  public MemoryUse {
    positive("contextLength", contextLength);
    positive("slots", slots);
    positive("batchTokens", batchTokens);
  }

  /** One conversation of this length, with llama.cpp's defaults for the rest. */
  public static MemoryUse ofContext(int contextLength) {
    return new MemoryUse(contextLength, 1, 512, false, false);
  }

  /** Tokens that the cache holds, of all conversations together. */
  public long cells() {
    return (long) contextLength * slots;
  }

  MemoryUse withSlots(int fewer) {
    return new MemoryUse(contextLength, fewer, batchTokens, quantizedCache, flashAttention);
  }

  /** llama.cpp quantizes values only under flash attention. */
  MemoryUse withQuantizedCache() {
    return new MemoryUse(contextLength, slots, batchTokens, true, true);
  }

  MemoryUse withContextLength(int shorter) {
    return new MemoryUse(shorter, slots, batchTokens, quantizedCache, flashAttention);
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
