package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Inference;
import org.jspecify.annotations.Nullable;

/** Reads the outcome of a token count. */
final class TokenCount {

  private TokenCount() {}

  static Inference.CountReply of(@Nullable JsonNode answer, @Nullable Throwable thrown) {
    if (answer != null && answer.path("input_tokens").isIntegralNumber()) {
      return new Inference.Counted(answer.path("input_tokens").longValue());
    }
    Throwable cause =
        thrown == null || thrown instanceof FinchException ? thrown : thrown.getCause();
    return new Inference.CountFailed(
        cause instanceof FinchException finch
            ? finch.failure()
            : Failure.permanent(
                FailureCode.CLAUDE_PROTOCOL, "Claude's token count has no number.", null));
  }
}
