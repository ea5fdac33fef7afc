package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Part;
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
    refuseServerSide(body);
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
    List<Tool> tools = tools(body);
    Body metadata = body.object("metadata");
    return GenerateRequest.builder()
        .messages(messages)
        .tools(tools)
        .toolChoice(toolChoice(body.object("tool_choice"), tools))
        .format(format(body))
        .sampling(sampling(body))
        .conversationId(metadata == null ? null : metadata.text("user_id"))
        .cloudOptions(options(body, metadata, betas));
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
          messages.add(ChatMessage.system(text == null ? systemText(turn.parts("content")) : text));
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
    List<Part> parts = new ArrayList<>();
    for (Body block : blocks) {
      if (block.requiredText("type").equals("tool_result")) {
        messages.add(result(block));
      } else {
        parts.add(part(block));
      }
    }
    if (!parts.isEmpty()) {
      messages.add(kept(ChatMessage.user(texts(parts)), parts));
    }
  }

  private static Part part(Body block) {
    return switch (block.requiredText("type")) {
      case "text" -> new Part.Text(block.requiredText("text"));
      case "image" -> new Part.Shown(Images.block(block));
      default -> throw unreadable(block);
    };
  }

  private static String texts(List<Part> parts) {
    return joined(of(parts, Part.Text.class).stream().map(Part.Text::text).toList());
  }

  /** Blocks stand apart; an empty one at the beginning leaves no gap. */
  private static String joined(List<String> texts) {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      all.append(all.isEmpty() ? "" : "\n\n").append(text);
    }
    return all.toString();
  }

  /** With its parts where there is more to the message than text. */
  private static ChatMessage kept(ChatMessage message, List<Part> parts) {
    return parts.stream().allMatch(Part.Text.class::isInstance)
        ? message
        : message.withParts(parts);
  }

  /** A local model is told of a failure in words, Claude by the flag that it came with. */
  private static ChatMessage result(Body block) {
    List<Part> parts = new ArrayList<>();
    if (block.raw("content") instanceof TextNode whole) {
      parts.add(new Part.Text(whole.textValue()));
    } else {
      block.parts("content").forEach(part -> parts.add(part(part)));
    }
    String id = block.requiredText("tool_use_id");
    String said = texts(parts);
    return block.flag("is_error", false)
        ? ChatMessage.toolResult(id, "Error: " + said).withParts(parts).asFailed()
        : kept(ChatMessage.toolResult(id, said), parts);
  }

  /** Claude wants several thoughts, and those that only it can read, back in their places. */
  private static ChatMessage assistant(List<Body> blocks) {
    List<Part> parts = blocks.stream().map(AnthropicPrompt::assistantPart).toList();
    List<Part.Thought> thoughts = of(parts, Part.Thought.class);
    String thinking = joined(thoughts.stream().map(Part.Thought::text).toList());
    ChatMessage message =
        new ChatMessage(
            Role.ASSISTANT,
            texts(parts),
            of(parts, Part.Called.class).stream().map(Part.Called::call).toList(),
            null,
            Privacy.LOCAL_FIRST,
            thinking.isEmpty() ? null : thinking,
            thoughts.size() == 1 ? thoughts.getFirst().signature() : null);
    boolean places = thoughts.size() > 1 || !of(parts, Part.Redacted.class).isEmpty();
    return places ? message.withParts(parts) : message;
  }

  private static Part assistantPart(Body block) {
    return switch (block.requiredText("type")) {
      case "text" -> new Part.Text(block.requiredText("text"));
      case "thinking" -> {
        String signature = block.text("signature", "");
        yield new Part.Thought(
            block.requiredText("thinking"), signature.isEmpty() ? null : signature);
      }
      case "redacted_thinking" -> new Part.Redacted(block.requiredText("data"));
      case "tool_use" -> new Part.Called(call(block));
      default -> throw unreadable(block);
    };
  }

  private static <T extends Part> List<T> of(List<Part> parts, Class<T> kind) {
    return parts.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static ToolCall call(Body block) {
    Body input = block.object("input");
    return new ToolCall(
        block.requiredText("id"),
        block.requiredText("name"),
        input == null ? "{}" : Json.write(input.node()));
  }

  private static String systemText(List<Body> blocks) {
    List<String> texts = new ArrayList<>();
    for (Body block : blocks) {
      if (!block.requiredText("type").equals("text")) {
        throw unreadable(block);
      }
      texts.add(block.requiredText("text"));
    }
    return joined(texts);
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
              OpenAiPrompt.toolName(tool),
              tool.text("description"),
              schema == null ? "{\"type\":\"object\"}" : Json.write(schema.node()),
              tool.has("strict") ? tool.flag("strict", false) : null));
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
