package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Image;
import dev.finch.inference.Privacy;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what Anthropic's clients ask for. */
final class AnthropicPrompt {

  /**
   * Claude Code writes a line that changes with each request in front of its system prompt; in the
   * prompt it would make every cached prefix worthless.
   */
  private static final String BILLING = "x-anthropic-billing-header:";

  private static final String BUT_LAST = " except for the optional final assistant message";

  private static final Pattern BETA = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final int MOST_BETAS = 32;

  private AnthropicPrompt() {}

  /**
   * @param betas the header {@code anthropic-beta}, or null
   */
  static GenerateRequest.Builder messages(Body body, @Nullable String betas) {
    List<ChatMessage> messages = new ArrayList<>();
    system(body, messages);
    List<Body> turns = body.objects("messages");
    if (turns.isEmpty()) {
      throw Refusals.badRequest("messages is missing or empty (expected: at least one).");
    }
    for (int i = 0; i < turns.size(); i++) {
      requireContent(turns.get(i), i, i == turns.size() - 1);
      turn(turns.get(i), messages);
    }
    if (messages.isEmpty()) {
      throw Refusals.badRequest("messages: at least one message is required");
    }
    Body metadata = body.object("metadata");
    return GenerateRequest.builder()
        .messages(messages)
        .tools(tools(body))
        .toolChoice(toolChoice(body.object("tool_choice")))
        .format(format(body))
        .sampling(sampling(body))
        .conversationId(metadata == null ? null : metadata.text("user_id"))
        .cloudOptions(options(body, metadata, betas));
  }

  private static CloudOptions options(Body body, @Nullable Body metadata, @Nullable String betas) {
    Body thinking = body.object("thinking");
    Body config = body.object("output_config");
    Body choice = body.object("tool_choice");
    boolean one = choice != null && choice.flag("disable_parallel_tool_use", false);
    return new CloudOptions(
        thinking == null ? null : Json.write(thinking.node()),
        config == null ? null : config.text("effort"),
        one ? Boolean.FALSE : null,
        metadata == null ? null : Json.write(metadata.node()),
        betas(betas));
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

  private static Sampling sampling(Body body) {
    return OpenAiPrompt.checked(
        Sampling.builder()
            .temperature(body.number("temperature"))
            .topP(body.number("top_p"))
            .topK(body.integer("top_k"))
            .maxTokens(body.integer("max_tokens"))
            .stop(OpenAiPrompt.stops(body, "stop_sequences")));
  }

  private static void system(Body body, List<ChatMessage> messages) {
    JsonNode system = body.raw("system");
    if (system == null) {
      return;
    }
    List<String> texts = new ArrayList<>();
    if (system.isTextual()) {
      texts.add(withoutBilling(system.textValue()));
    } else {
      for (Body block : body.parts("system")) {
        texts.add(withoutBilling(block.requiredText("text")));
      }
    }
    texts.removeIf(String::isEmpty);
    if (!texts.isEmpty()) {
      messages.add(ChatMessage.system(String.join("\n\n", texts)));
    }
  }

  static String withoutBilling(String text) {
    if (!text.startsWith(BILLING)) {
      return text;
    }
    int end = text.indexOf('\n');
    return end < 0 ? "" : text.substring(end + 1).stripLeading();
  }

  /** In Claude's words, which clients know: a turn says something, or is a beginning of none. */
  private static void requireContent(Body turn, int position, boolean last) {
    JsonNode content = turn.raw("content");
    boolean user = turn.text("role", "").equals("user");
    if (content == null || isEmptyText(content) || (content.isArray() && content.isEmpty())) {
      String which = "messages." + position + ": ";
      if (user) {
        throw Refusals.badRequest(which + "user messages must have non-empty content");
      }
      if (!last) {
        throw Refusals.badRequest(which + "all messages must have non-empty content" + BUT_LAST);
      }
    } else if (user) {
      for (JsonNode block : content) {
        if (block.path("type").asText().equals("text") && isEmptyText(block.path("text"))) {
          throw Refusals.badRequest("messages: text content blocks must be non-empty");
        }
      }
    }
  }

  private static boolean isEmptyText(JsonNode value) {
    return value.isTextual() && value.textValue().isEmpty();
  }

  private static void turn(Body turn, List<ChatMessage> messages) {
    String role = turn.requiredText("role");
    String text = turn.raw("content") instanceof TextNode whole ? whole.textValue() : null;
    switch (role) {
      case "system" ->
          messages.add(ChatMessage.system(text == null ? texts(turn.parts("content")) : text));
      case "user" -> {
        if (text == null) {
          user(turn.parts("content"), messages);
        } else {
          messages.add(ChatMessage.user(text));
        }
      }
      case "assistant" ->
          messages.add(
              text == null ? assistant(turn.parts("content")) : ChatMessage.assistant(text));
      default -> throw turn.wrong("role", "user, assistant or system");
    }
  }

  /** Tool results become turns of their own, before the text that goes with them. */
  private static void user(List<Body> blocks, List<ChatMessage> messages) {
    StringBuilder text = new StringBuilder();
    List<Image> images = new ArrayList<>();
    for (Body block : blocks) {
      switch (block.requiredText("type")) {
        case "text" -> append(text, block.requiredText("text"));
        case "image" -> images.add(Images.block(block));
        case "tool_result" -> messages.add(result(block));
        default -> throw unreadable(block);
      }
    }
    if (!text.isEmpty() || !images.isEmpty()) {
      messages.add(ChatMessage.user(text.toString()).withImages(images));
    }
  }

  private static ChatMessage result(Body block) {
    StringBuilder text = new StringBuilder();
    List<Image> images = new ArrayList<>();
    if (block.raw("content") instanceof TextNode whole) {
      text.append(whole.textValue());
    } else {
      for (Body part : block.parts("content")) {
        switch (part.requiredText("type")) {
          case "text" -> append(text, part.requiredText("text"));
          case "image" -> images.add(Images.block(part));
          default -> throw unreadable(part);
        }
      }
    }
    String said = block.flag("is_error", false) ? "Error: " + text : text.toString();
    return ChatMessage.toolResult(block.requiredText("tool_use_id"), said).withImages(images);
  }

  private static ChatMessage assistant(List<Body> blocks) {
    StringBuilder text = new StringBuilder();
    StringBuilder thinking = new StringBuilder();
    String signature = "";
    List<ToolCall> calls = new ArrayList<>();
    for (Body block : blocks) {
      switch (block.requiredText("type")) {
        case "text" -> append(text, block.requiredText("text"));
        case "thinking" -> {
          // One block can be sent back as it came; of several, the places among the calls are lost.
          signature = thinking.isEmpty() ? block.text("signature", "") : "";
          append(thinking, block.requiredText("thinking"));
        }
        case "redacted_thinking" -> {}
        case "tool_use" -> calls.add(call(block));
        default -> throw unreadable(block);
      }
    }
    String reasoning = thinking.isEmpty() ? null : thinking.toString();
    return new ChatMessage(
        Role.ASSISTANT,
        text.toString(),
        calls,
        null,
        Privacy.LOCAL_FIRST,
        reasoning,
        signature.isEmpty() ? null : signature);
  }

  private static ToolCall call(Body block) {
    Body input = block.object("input");
    return new ToolCall(
        block.requiredText("id"),
        block.requiredText("name"),
        input == null ? "{}" : Json.write(input.node()));
  }

  private static String texts(List<Body> blocks) {
    StringBuilder text = new StringBuilder();
    for (Body block : blocks) {
      if (!block.requiredText("type").equals("text")) {
        throw unreadable(block);
      }
      append(text, block.requiredText("text"));
    }
    return text.toString();
  }

  private static void append(StringBuilder all, String text) {
    if (!all.isEmpty()) {
      all.append("\n\n");
    }
    all.append(text);
  }

  private static FinchException unreadable(Body block) {
    return block.wrong("type", "text, image, tool_use, tool_result or thinking; no document");
  }

  private static List<Tool> tools(Body body) {
    List<Tool> tools = new ArrayList<>();
    for (Body tool : body.objects("tools")) {
      if (!tool.text("type", "custom").equals("custom")) {
        throw tool.wrong("type", "custom; Finch runs no server tools");
      }
      Body schema = tool.object("input_schema");
      tools.add(
          new Tool(
              tool.requiredText("name"),
              tool.text("description"),
              schema == null ? "{\"type\":\"object\"}" : Json.write(schema.node()),
              tool.has("strict") ? tool.flag("strict", false) : null));
    }
    return tools;
  }

  private static ToolChoice toolChoice(@Nullable Body choice) {
    if (choice == null) {
      return ToolChoice.AUTO;
    }
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
