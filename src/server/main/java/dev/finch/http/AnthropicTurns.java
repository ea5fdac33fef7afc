package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.finch.failure.FinchException;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Part;
import dev.finch.inference.Role;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the conversation of a message's request. What a local model reads is the text of each turn;
 * beside it stand the blocks, so that Claude gets what was said as it was said.
 */
final class AnthropicTurns {

  /**
   * Claude Code writes a line that changes with each request in front of its system prompt; in the
   * prompt it would make every cached prefix worthless.
   */
  private static final String BILLING = "x-anthropic-billing-header:";

  private static final String BUT_LAST = " except for the optional final assistant message";

  private AnthropicTurns() {}

  /** The system prompt and the turns; at least one message. */
  static List<ChatMessage> of(Body body) {
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
    return messages;
  }

  private static void system(Body body, List<ChatMessage> messages) {
    JsonNode system = body.raw("system");
    if (system == null) {
      return;
    }
    List<Part> parts = new ArrayList<>();
    if (system.isTextual()) {
      parts.add(new Part.Text(withoutBilling(system.textValue())));
    } else {
      for (Body block : body.parts("system")) {
        add(parts, new Part.Text(withoutBilling(block.requiredText("text"))), block);
      }
    }
    parts.removeIf(part -> part instanceof Part.Text said && said.text().isEmpty());
    if (!texts(parts).isEmpty()) {
      messages.add(kept(ChatMessage.system(texts(parts)), parts));
    }
  }

  /** The part, and that what was said up to it may be kept, where its block says so. */
  private static void add(List<Part> parts, Part part, Body block) {
    parts.add(part);
    String control = AnthropicOptions.cacheControl(block);
    if (control != null) {
      parts.add(new Part.CacheBreakpoint(control));
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
          messages.add(text == null ? system(turn.parts("content")) : ChatMessage.system(text));
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
        add(parts, part(block), block);
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

  /** With its parts where there is more to the message than one text. */
  private static ChatMessage kept(ChatMessage message, List<Part> parts) {
    boolean text = parts.size() <= 1 && parts.stream().allMatch(Part.Text.class::isInstance);
    return text ? message : message.withParts(parts);
  }

  /** A local model is told of a failure in words, Claude by the flag that it came with. */
  private static ChatMessage result(Body block) {
    List<Part> parts = new ArrayList<>();
    if (block.raw("content") instanceof TextNode whole) {
      parts.add(new Part.Text(whole.textValue()));
    } else {
      block.parts("content").forEach(part -> add(parts, part(part), part));
    }
    String control = AnthropicOptions.cacheControl(block);
    if (control != null) {
      parts.add(new Part.CacheBreakpoint(control));
    }
    String id = block.requiredText("tool_use_id");
    String said = texts(parts);
    return block.flag("is_error", false)
        ? ChatMessage.toolResult(id, "Error: " + said).withParts(parts).asFailed()
        : kept(ChatMessage.toolResult(id, said), parts);
  }

  /** Claude wants its thoughts, and those that only it can read, back in their places. */
  private static ChatMessage assistant(List<Body> blocks) {
    List<Part> parts = new ArrayList<>();
    blocks.forEach(block -> add(parts, assistantPart(block), block));
    List<Part.Thought> thoughts = of(parts, Part.Thought.class);
    String thinking = joined(thoughts.stream().map(Part.Thought::text).toList());
    ChatMessage message =
        ChatMessage.builder(Role.ASSISTANT, texts(parts))
            .toolCalls(of(parts, Part.Called.class).stream().map(Part.Called::call).toList())
            .reasoning(thinking.isEmpty() ? null : thinking)
            .signature(thoughts.size() == 1 ? thoughts.getFirst().signature() : null)
            .build();
    return kept(message, parts);
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

  private static ChatMessage system(List<Body> blocks) {
    List<Part> parts = new ArrayList<>();
    for (Body block : blocks) {
      if (!block.requiredText("type").equals("text")) {
        throw unreadable(block);
      }
      add(parts, new Part.Text(block.requiredText("text")), block);
    }
    return kept(ChatMessage.system(texts(parts)), parts);
  }

  private static FinchException unreadable(Body block) {
    return block.wrong("type", "text, image, tool_use, tool_result or thinking; no document");
  }
}
