package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Claude says beside an answer that callers asked for: which tier and place served it, and
 * what it left out of the conversation. Not thread-safe.
 *
 * <p>Source: the Messages API, {@code usage.service_tier}, {@code usage.inference_geo} and {@code
 * context_management.applied_edits}.
 */
final class BesideAnswer {

  /** Characters; what is longer is nothing that Claude says. */
  private static final int LONGEST = 64 << 10;

  private static final List<String> OF_USAGE = List.of("service_tier", "inference_geo");

  private final ObjectNode fields = ClaudeJson.object();

  /** Takes a token count; what it does not say stays as it was. */
  void ofUsage(JsonNode usage) {
    for (String name : OF_USAGE) {
      if (usage.path(name).isTextual()) {
        of(name, usage.get(name));
      }
    }
  }

  /** Takes a field; what is absent or null stays as it was. */
  void of(String name, JsonNode value) {
    if (!value.isMissingNode() && !value.isNull() && value.toString().length() <= LONGEST) {
      fields.set(name, value);
    }
  }

  /** All fields as JSON; null where there are none. */
  @Nullable String json() {
    return fields.isEmpty() ? null : fields.toString();
  }
}
