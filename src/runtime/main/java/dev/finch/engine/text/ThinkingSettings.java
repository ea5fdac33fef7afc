package dev.finch.engine.text;

import dev.finch.inference.CloudOptions;
import java.util.HashMap;
import java.util.Map;

/**
 * How much a model is to think, in the variables of chat templates: {@code enable_thinking}
 * (Qwen3), {@code thinking} (DeepSeek V3.1, Granite) and {@code reasoning_effort} (gpt-oss), as the
 * model cards name them.
 */
public final class ThinkingSettings {

  private ThinkingSettings() {}

  /** The variables that a request asks for; none where it asks for nothing. */
  public static Map<String, Object> of(CloudOptions options) {
    if (options.thinking() == null && options.effort() == null) {
      return Map.of();
    }
    Map<String, Object> settings = new HashMap<>();
    if (options.thinking() != null
        && PythonValues.parse(options.thinking()) instanceof Map<?, ?> thinking) {
      boolean wanted = !"disabled".equals(thinking.get("type"));
      settings.put("enable_thinking", wanted);
      settings.put("thinking", wanted);
    }
    if (options.effort() != null) {
      settings.put("reasoning_effort", effort(options.effort()));
    }
    return Map.copyOf(settings);
  }

  /** Claude's efforts, of which the models have three. */
  private static String effort(String effort) {
    return switch (effort) {
      case "low", "medium" -> effort;
      default -> "high";
    };
  }
}
