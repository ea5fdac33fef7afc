package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where routing stands.
 *
 * @param live prompts under way
 * @param waiting prompts that wait for the local model
 * @param localBusy prompts that the local model holds, decoding or in its own queue
 * @param cachedTokens tokens that conversations hold in its KV cache
 * @param claudeModel the model that Claude answers with, or null where the cloud is off
 * @param claudeWhyNot why Claude is not asked now, or null where it is
 * @param requestsByReason prompts that ended, for example {@code local/MODEL_READY}, {@code
 *     claude/LOCAL_BUSY} or {@code rejected/NOTHING_CAN_ANSWER}
 */
public record RoutingStatus(
    int live,
    int waiting,
    int localBusy,
    long cachedTokens,
    @Nullable String claudeModel,
    @Nullable Failure claudeWhyNot,
    Map<String, Long> requestsByReason) {
  public RoutingStatus {
    requireNonNull(requestsByReason, "requestsByReason");
    requestsByReason = Map.copyOf(requestsByReason);
  }

  /** Whether Claude would be asked now. */
  public boolean cloud() {
    return claudeWhyNot == null;
  }

  /** Whether Claude may be asked at all. */
  public boolean cloudConfigured() {
    if (claudeWhyNot == null) {
      return true;
    }
    FailureCode code = claudeWhyNot.code();
    return code != FailureCode.NO_API_KEY && code != FailureCode.CLOUD_DISABLED;
  }

  /** Which model, or why not. */
  public String cloudDetail() {
    return claudeWhyNot != null
        ? claudeWhyNot.message()
        : claudeModel == null ? "none" : claudeModel;
  }
}
