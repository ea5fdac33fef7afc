package dev.finch.claude;

import dev.finch.failure.Failure;
import dev.finch.provider.Inference;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of which model.
 *
 * @param model the model
 * @param body the request's body, as it will be sent
 * @param betas what of the API that is not yet final it uses
 * @param mostPromptTokens what the prompt can be counted as, at most
 * @param maxTokens the bound on the answer's tokens
 * @param cachesLong whether Claude is asked to keep a part of the prompt for longer than five
 *     minutes
 * @param path where it is asked, or null for the usual place
 */
record ApiRequest(
    String model,
    ByteString body,
    List<String> betas,
    long mostPromptTokens,
    int maxTokens,
    boolean cachesLong,
    @Nullable String path) {

  ApiRequest(
      String model,
      ByteString body,
      List<String> betas,
      long mostPromptTokens,
      int maxTokens,
      boolean cachesLong) {
    this(model, body, betas, mostPromptTokens, maxTokens, cachesLong, null);
  }

  /** The same, asked at another path. */
  ApiRequest at(String other) {
    return new ApiRequest(model, body, betas, mostPromptTokens, maxTokens, cachesLong, other);
  }

  /** The words in which the question is put to whoever has to allow it. */
  Inference.Quoted quoted(String attempt, @Nullable Failure after) {
    return new Inference.Quoted(
        attempt, model, body.size(), mostPromptTokens, maxTokens, cachesLong, after);
  }
}
