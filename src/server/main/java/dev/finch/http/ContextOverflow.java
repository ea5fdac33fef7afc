package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;

/**
 * A prompt that is too long, with the fields by which clients of llama.cpp's server know it
 * (ggml-org/llama.cpp, tools/server/README.md: {@code exceed_context_size_error}).
 */
final class ContextOverflow {

  private ContextOverflow() {}

  /** Adds the fields to an error; nothing where it is another failure. */
  static void tell(ObjectNode error, Failure failure) {
    Failure.Overflow overflow = failure.overflow().orElse(null);
    if (failure.code() == FailureCode.CONTEXT_OVERFLOW && overflow != null) {
      error
          .put("type", "exceed_context_size_error")
          .put("n_prompt_tokens", overflow.promptTokens())
          .put("n_ctx", overflow.contextTokens());
    }
  }
}
