package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.TokenUsage;

/**
 * The token counts of one answer, each up to a billion, which no model comes near. Claude states
 * them at the start and again, cumulative, at the end; a count that is absent or null leaves the
 * earlier one. Not thread-safe.
 */
final class Usage {

  private static final long MOST = 1_000_000_000;

  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long output;
  private long thinking;

  void update(JsonNode usage) {
    input = count(usage, "input_tokens", input);
    cacheRead = count(usage, "cache_read_input_tokens", cacheRead);
    cacheWrite = count(usage, "cache_creation_input_tokens", cacheWrite);
    output = count(usage, "output_tokens", output);
    thinking = count(usage.path("output_tokens_details"), "thinking_tokens", thinking);
  }

  /** Claude counts cached tokens apart; Finch's prompt tokens hold them too. */
  TokenUsage total() {
    return new TokenUsage(input + cacheRead + cacheWrite, cacheRead, output, thinking, cacheWrite);
  }

  private static long count(JsonNode node, String field, long before) {
    JsonNode value = node.path(field);
    if (!value.isIntegralNumber()) {
      return before;
    }
    return value.canConvertToLong() ? Math.clamp(value.longValue(), 0, MOST) : MOST;
  }
}
