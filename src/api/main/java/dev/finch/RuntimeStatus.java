package dev.finch;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelInfo;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Facts about the running runtime.
 *
 * @param version Finch's version
 * @param uptime since start
 * @param state of the models
 * @param model facts of the loaded model, empty while none is Ready
 * @param busySlots conversations being decoded
 * @param queued prompts waiting for the local model
 * @param cachedTokens tokens that conversations hold in the KV cache, as of the latest beginning or
 *     end of an answer; a beginning that several share is counted for each
 * @param cloud whether Claude can answer now
 * @param cloudDetail which model, or why not
 * @param cloudConfigured whether Claude may be asked at all: it is switched on and has a key
 * @param requestsByReason answers so far, by provider and reason, for example {@code
 *     local/MODEL_READY}
 */
public record RuntimeStatus(
    String version,
    Duration uptime,
    RuntimeState state,
    Optional<ModelInfo> model,
    int busySlots,
    int queued,
    long cachedTokens,
    boolean cloud,
    String cloudDetail,
    boolean cloudConfigured,
    Map<String, Long> requestsByReason) {
  public RuntimeStatus {
    requireNonNull(model, "model");
    requestsByReason = Map.copyOf(requestsByReason);
  }
}
