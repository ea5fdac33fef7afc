package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.TokenUsage;

/**
 * The token counts of one answer, each up to a billion, which no model comes near. Claude states
 * them at the start and again, cumulative, at the end; a count that is absent or null leaves the
 * earlier one. Not thread-safe.
 */
final class UsageAccumulator {

  private static final long MOST = 1_000_000_000;

  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long longCacheWrite;
  private long output;
  private long thinking;
  private boolean impossible;

  void update(JsonNode usage) {
    input = count(usage, "input_tokens", input);
    cacheRead = count(usage, "cache_read_input_tokens", cacheRead);
    cacheWrite = count(usage, "cache_creation_input_tokens", cacheWrite);
    longCacheWrite =
        count(usage.path("cache_creation"), "ephemeral_1h_input_tokens", longCacheWrite);
    output = count(usage, "output_tokens", output);
    thinking = count(usage.path("output_tokens_details"), "thinking_tokens", thinking);
  }

  /** Claude counts cached tokens apart; Finch's prompt tokens hold them too. */
  TokenUsage total() {
    return new TokenUsage(
        input + cacheRead + cacheWrite,
        cacheRead,
        output,
        thinking,
        cacheWrite,
        Math.min(longCacheWrite, cacheWrite));
  }

  /** Whether a count was negative or beyond all bounds; such a count is passed over. */
  boolean impossible() {
    return impossible;
  }

  private long count(JsonNode node, String field, long before) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber()) {
      return before;
    }
    boolean possible =
        value.canConvertToLong() && value.longValue() >= 0 && value.longValue() <= MOST;
    impossible |= !possible;
    return possible ? value.longValue() : before;
  }
}
