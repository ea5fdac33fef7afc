package dev.finch;

import java.util.List;

/**
 * Vectors of a batch of texts.
 *
 * @param model who made them
 * @param vectors one L2-normalised vector per input, in order; Euclidean length 1
 * @param promptTokens tokens of all inputs
 */
public record Embeddings(String model, List<float[]> vectors, long promptTokens) {
  public Embeddings {
    vectors = List.copyOf(vectors);
  }
}
