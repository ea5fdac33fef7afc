package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Anthropic's clients ask for: the tools and the form of the answer here, the
 * conversation in {@link AnthropicTurns}, what is for Claude alone in {@link AnthropicOptions}.
 */
final class AnthropicPrompt {

  private AnthropicPrompt() {}

  /**
   * @param betas the header {@code anthropic-beta}, or null
   */
  static GenerateRequest.Builder messages(Body body, @Nullable String betas) {
    refuseServerSide(body);
    List<Tool> tools = tools(body);
    Body metadata = body.object("metadata");
    return GenerateRequest.builder()
        .messages(AnthropicTurns.of(body))
        .tools(tools)
        .toolChoice(toolChoice(body.object("tool_choice"), tools))
        .format(format(body))
        .sampling(sampling(body))
        .conversationId(metadata == null ? null : metadata.text("user_id"))
        .cloudOptions(AnthropicOptions.of(body, betas));
  }

  /** What would run at Anthropic cannot be left out unsaid; an empty list asks for nothing. */
  private static void refuseServerSide(Body body) {
    for (String field : List.of("mcp_servers", "container")) {
      JsonNode value = body.raw(field);
      if (value != null && !(value.isContainerNode() && value.isEmpty())) {
        throw body.wrong(field, "absent; Finch runs no server tools and no containers");
      }
    }
  }

  private static Sampling sampling(Body body) {
    return OpenAiPrompt.checked(
        Sampling.builder()
            .temperature(body.number("temperature"))
            .topP(body.number("top_p"))
            .topK(body.integer("top_k"))
            .maxTokens(body.integer("max_tokens"))
            .stop(OpenAiPrompt.stops(body, "stop_sequences")));
  }

  private static List<Tool> tools(Body body) {
    List<Tool> tools = new ArrayList<>();
    for (Body tool : body.objects("tools")) {
      if (!tool.text("type", "custom").equals("custom")) {
        throw tool.wrong("type", "custom; Finch runs no server tools");
      }
      Body schema = tool.object("input_schema");
      tools.add(
          Tool.builder(
                  OpenAiPrompt.toolName(tool),
                  schema == null ? "{\"type\":\"object\"}" : Json.write(schema.node()))
              .description(tool.text("description"))
              .strict(tool.has("strict") ? tool.flag("strict", false) : null)
              .cacheControl(AnthropicOptions.cacheControl(tool))
              .build());
    }
    return tools;
  }

  private static ToolChoice toolChoice(@Nullable Body choice, List<Tool> tools) {
    ToolChoice wanted = choice == null ? ToolChoice.AUTO : toolChoice(choice);
    if (choice != null && wanted instanceof ToolChoice.Required && tools.isEmpty()) {
      throw choice.wrong("type", "auto or none where there are no tools");
    }
    if (choice != null
        && wanted instanceof ToolChoice.Named(String name)
        && tools.stream().noneMatch(tool -> tool.name().equals(name))) {
      throw choice.wrong("name", "one of the tools");
    }
    return wanted;
  }

  private static ToolChoice toolChoice(Body choice) {
    return switch (choice.requiredText("type")) {
      case "auto" -> ToolChoice.AUTO;
      case "any" -> ToolChoice.REQUIRED;
      case "none" -> ToolChoice.NONE;
      case "tool" -> new ToolChoice.Named(choice.requiredText("name"));
      default -> throw choice.wrong("type", "auto, any, tool or none");
    };
  }

  /** {@code output_config.format}, which stood in {@code output_format} while it was a beta. */
  private static ResponseFormat format(Body body) {
    Body config = body.object("output_config");
    Body current = config == null ? null : config.object("format");
    Body format = current == null ? body.object("output_format") : current;
    if (format == null) {
      return ResponseFormat.TEXT;
    }
    JsonNode schema = format.raw("schema");
    if (!format.requiredText("type").equals("json_schema") || !(schema instanceof ObjectNode)) {
      throw format.wrong("type", "json_schema with a schema");
    }
    return new ResponseFormat.JsonSchema(Json.write(schema));
  }
}
