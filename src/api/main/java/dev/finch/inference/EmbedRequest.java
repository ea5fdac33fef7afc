package dev.finch.inference;

import dev.finch.model.ModelReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts to turn into vectors, which the local model alone does.
 *
 * @param inputs the texts, in the order of their vectors
 * @param model the local model that must do it, or null for the one that serves: vectors of two
 *     models cannot be compared, so another never stands in for one that was named
 */
public record EmbedRequest(List<String> inputs, @Nullable ModelReference model) {
  public EmbedRequest {
    inputs = List.copyOf(inputs);
  }

  /** For the model that serves. */
  public static EmbedRequest of(List<String> inputs) {
    return new EmbedRequest(inputs, null);
  }
}
