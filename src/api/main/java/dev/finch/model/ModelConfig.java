package dev.finch.model;

import static java.util.Objects.requireNonNull;

/**
 * The shape of a transformer in the Qwen2 family: what its weights and its KV cache are sized by.
 *
 * @param architecture llama.cpp's name, for example {@code qwen2}
 * @param layers transformer blocks
 * @param embeddingLength width of the residual stream
 * @param feedForwardLength width of the MLP
 * @param heads attention heads
 * @param kvHeads key/value heads (grouped-query attention)
 * @param headDimension width of one head
 * @param vocabularySize tokens
 * @param contextLength tokens that the model was trained for
 * @param tiedEmbeddings whether the output layer reuses the token embedding
 */
public record ModelConfig(
    String architecture,
    int layers,
    int embeddingLength,
    int feedForwardLength,
    int heads,
    int kvHeads,
    int headDimension,
    int vocabularySize,
    int contextLength,
    boolean tiedEmbeddings) {

  public ModelConfig {
    requireNonNull(architecture, "architecture");
    positive("layers", layers);
    positive("embeddingLength", embeddingLength);
    positive("feedForwardLength", feedForwardLength);
    positive("heads", heads);
    positive("kvHeads", kvHeads);
    positive("headDimension", headDimension);
    positive("vocabularySize", vocabularySize);
    positive("contextLength", contextLength);
  }

  /** Weights of a Qwen2 model of this shape, counted. */
  public long parameters() {
    long width = embeddingLength;
    long queries = (long) heads * headDimension;
    long keys = (long) kvHeads * headDimension;
    long attention = width * (2 * queries + 2 * keys) + queries + 2 * keys;
    long block = attention + 3 * width * feedForwardLength + 2 * width;
    return (tiedEmbeddings ? 1L : 2L) * vocabularySize * width + layers * block + width;
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
