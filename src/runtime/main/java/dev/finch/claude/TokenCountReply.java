package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.Thrown;
import dev.finch.provider.Inference;
import org.jspecify.annotations.Nullable;

/** Reads the outcome of a token count. */
final class TokenCountReply {

  private TokenCountReply() {}

  static Inference.CountReply of(@Nullable JsonNode answer, @Nullable Throwable thrown) {
    if (answer != null && answer.path("input_tokens").isIntegralNumber()) {
      return new Inference.Counted(answer.path("input_tokens").longValue());
    }
    Failure unreadable =
        Failure.permanent(FailureCode.CLAUDE_PROTOCOL, "Claude's token count has no number.", null);
    return new Inference.CountFailed(
        thrown == null ? unreadable : Thrown.failure(thrown, _ -> unreadable));
  }
}
