package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.CloudOptions;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what of a message's request is for Claude; a local model passes over it. */
final class AnthropicOptions {

  private static final Pattern BETA = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MOST_BETAS = 32;

  private static final int LONGEST_CACHE_CONTROL = 512;
  private static final int LONGEST_CONTEXT_MANAGEMENT = 65_536;
  private static final int LONGEST_NAME = 100;

  private AnthropicOptions() {}

  /**
   * @param betas the header {@code anthropic-beta}, or null
   */
  static CloudOptions of(Body body, @Nullable String betas) {
    Body thinking = body.object("thinking");
    Body config = body.object("output_config");
    Body choice = body.object("tool_choice");
    Body metadata = body.object("metadata");
    boolean one = choice != null && choice.flag("disable_parallel_tool_use", false);
    return CloudOptions.builder()
        .thinking(thinking == null ? null : Json.write(thinking.node()))
        .effort(config == null ? null : config.text("effort"))
        .parallelToolCalls(one ? Boolean.FALSE : null)
        .metadata(metadata == null ? null : Json.write(metadata.node()))
        .betas(betas(betas))
        .fields(fields(body))
        .build();
  }

  /** A block's or a tool's {@code cache_control} as text, or null where it has none. */
  static @Nullable String cacheControl(Body block) {
    return bounded(block, "cache_control", LONGEST_CACHE_CONTROL);
  }

  private static @Nullable String fields(Body body) {
    ObjectNode fields = Json.object();
    bounded(body, "cache_control", LONGEST_CACHE_CONTROL);
    bounded(body, "context_management", LONGEST_CONTEXT_MANAGEMENT);
    for (String name : List.of("service_tier", "inference_geo")) {
      String value = body.text(name);
      if (value != null && value.length() > LONGEST_NAME) {
        throw body.wrong(name, "at most " + LONGEST_NAME + " characters");
      }
    }
    for (String name :
        List.of("cache_control", "context_management", "service_tier", "inference_geo")) {
      JsonNode value = body.raw(name);
      if (value != null) {
        fields.set(name, value);
      }
    }
    return fields.isEmpty() ? null : Json.write(fields);
  }

  private static @Nullable String bounded(Body body, String field, int longest) {
    Body object = body.object(field);
    String text = object == null ? null : Json.write(object.node());
    if (text != null && text.length() > longest) {
      throw body.wrong(field, "an object of at most " + longest + " characters");
    }
    return text;
  }

  /** Names as Anthropic writes them; whatever else stands in the header is not passed on. */
  private static List<String> betas(@Nullable String header) {
    return header == null
        ? List.of()
        : Arrays.stream(header.split(","))
            .map(String::strip)
            .filter(name -> BETA.matcher(name).matches())
            .distinct()
            .limit(MOST_BETAS)
            .toList();
  }
}
