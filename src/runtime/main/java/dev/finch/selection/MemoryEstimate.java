package dev.finch.selection;

import dev.finch.model.ModelConfig;

/**
 * Memory that a model takes on a CPU once its context has been filled, from its shape alone.
 *
 * <p>It counts what becomes resident. llama.cpp b4916 also reserves room for the logits of a whole
 * batch (300 MB for a vocabulary of 152,000), which is never touched while only the last token's
 * logits are asked for.
 *
 * @param weightBytes tensors; mapped from the file, but all of them are touched
 * @param kvCacheBytes keys and values of all cells
 * @param computeBytes intermediate results of one decode step
 * @param overheadBytes token tables, the logits of one token per slot, and what llama.cpp holds
 *     whatever the model
 */
public record MemoryEstimate(
    long weightBytes, long kvCacheBytes, long computeBytes, long overheadBytes) {

  private static final double F16_BYTES = 2;
  private static final double Q8_0_BYTES = 34.0 / 32;

  /** Graphs, their schedule and what the allocator holds: measured, the same for all shapes. */
  private static final long GRAPH_BYTES = 30L << 20;

  /** Hash maps and strings of the tokenizer: 58 MB measured at 152,000 tokens. */
  private static final long TABLE_BYTES_PER_TOKEN = 380;

  /**
   * What a model of this shape takes.
   *
   * @param weightBytes bytes of its tensors
   */
  public static MemoryEstimate of(ModelConfig shape, long weightBytes, MemoryUse use) {
    long vocabulary = shape.vocabularySize();
    return new MemoryEstimate(
        weightBytes,
        kvCache(shape, use),
        compute(shape, use),
        GRAPH_BYTES + vocabulary * (TABLE_BYTES_PER_TOKEN + (long) Float.BYTES * use.slots()));
  }

  /** What a model with random weights takes: they are written as Q8_0. */
  public static MemoryEstimate ofRandom(ModelConfig shape, MemoryUse use) {
    return of(shape, (long) (shape.parameters() * Q8_0_BYTES), use);
  }

  /** All parts together, in bytes. */
  public long total() {
    return weightBytes + kvCacheBytes + computeBytes + overheadBytes;
  }

  private static long kvCache(ModelConfig shape, MemoryUse use) {
    double bytesPerValue = use.quantizedCache() ? Q8_0_BYTES : F16_BYTES;
    long valuesPerCell = 2L * shape.layers() * shape.kvHeads() * shape.headDimension();
    return (long) (valuesPerCell * bytesPerValue * use.cells());
  }

  /**
   * Buffers are reused from layer to layer and within one: at its largest, a layer holds either the
   * scores of a batch against all cells, beside a copy of them in F16 to be multiplied with the
   * values, or both halves of the MLP; the mask and a few rows of the layer's width always.
   */
  private static long compute(ModelConfig shape, MemoryUse use) {
    long rows = Math.min(use.batchTokens(), use.cells());
    long scores = use.flashAttention() ? 0 : use.cells() * shape.heads();
    long largest = Math.max(scores, 2L * shape.feedForwardLength());
    long always = use.cells() + 3L * shape.embeddingLength();
    return rows * (Float.BYTES * (largest + always) + (long) (F16_BYTES * scores));
  }
}
