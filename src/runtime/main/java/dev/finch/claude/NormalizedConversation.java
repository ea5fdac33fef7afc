package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Image;
import dev.finch.inference.Part;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in the form that the Messages API accepts: user and assistant in turn, the user
 * first, the results of tools at the head of the message after their calls, no blank text. Whatever
 * a client or a cut history left incomplete is completed, and nothing is dropped silently.
 */
final class NormalizedConversation {

  private static final String START = "(The conversation begins with the assistant.)";
  private static final String LATE_RESULT = "Result of an earlier tool call:";
  private static final String NO_RESULT = "(This call has no result.)";

  private static final class Turn {
    final String role;
    final List<JsonNode> results = new ArrayList<>();
    final List<JsonNode> blocks = new ArrayList<>();

    Turn(String role) {
      this.role = role;
    }
  }

  private final ThinkingTurns memory;
  private final List<JsonNode> system = new ArrayList<>();
  private boolean systemInBlocks;
  private final List<Turn> turns = new ArrayList<>();
  private final Set<String> toolNames = new LinkedHashSet<>();
  private final Set<String> unanswered = new LinkedHashSet<>();

  private NormalizedConversation(ThinkingTurns memory) {
    this.memory = memory;
  }

  static NormalizedConversation of(List<ChatMessage> messages, ThinkingTurns memory) {
    NormalizedConversation normalized = new NormalizedConversation(memory);
    messages.forEach(normalized::add);
    normalized.answerOpenCalls();
    return normalized;
  }

  /**
   * The system messages of the whole conversation, in blocks where one was given in blocks, or null
   * where there are none.
   *
   * @param more what is said behind them, or null
   */
  @Nullable JsonNode system(@Nullable String more) {
    List<JsonNode> blocks = new ArrayList<>(system);
    if (more != null) {
      blocks.add(text(more));
    }
    if (systemInBlocks && !blocks.isEmpty()) {
      return ClaudeJson.MAPPER.createArrayNode().addAll(blocks);
    }
    return blocks.isEmpty()
        ? null
        : TextNode.valueOf(
            blocks.stream()
                .map(block -> block.path("text").asText())
                .collect(Collectors.joining("\n\n")));
  }

  /** The names of all tools that were called. */
  Set<String> toolNames() {
    return toolNames;
  }

  /** The turns; empty where nobody said anything. */
  ArrayNode messages() {
    ArrayNode messages = ClaudeJson.MAPPER.createArrayNode();
    if (!turns.isEmpty() && turns.getFirst().role.equals("assistant")) {
      messages.add(message("user", List.of(text(START))));
    }
    for (Turn turn : turns) {
      List<JsonNode> blocks = new ArrayList<>(turn.results);
      blocks.addAll(turn.blocks);
      messages.add(message(turn.role, blocks));
    }
    return messages;
  }

  private void add(ChatMessage message) {
    switch (message.role()) {
      case SYSTEM -> {
        system.addAll(blocks(message));
        systemInBlocks |= !message.parts().isEmpty();
      }
      case USER -> addUser(message);
      case ASSISTANT -> addAssistant(message);
      case TOOL -> addResult(message);
    }
  }

  private void addAssistant(ChatMessage message) {
    List<JsonNode> blocks = withoutLastThoughts(assistantBlocks(message));
    if (blocks.isEmpty()) {
      return;
    }
    turn("assistant").blocks.addAll(blocks);
    for (ToolCall call : message.toolCalls()) {
      toolNames.add(call.name());
      unanswered.add(id(call.id()));
    }
  }

  /** As they came, where the message brings no thoughts itself and they are remembered. */
  private List<JsonNode> assistantBlocks(ChatMessage message) {
    boolean thinks =
        message.parts().stream()
            .anyMatch(
                part ->
                    part instanceof Part.Redacted
                        || (part instanceof Part.Thought thought && thought.signature() != null));
    ArrayNode asItCame = thinks ? null : memory.recall(message);
    if (asItCame != null) {
      List<JsonNode> blocks = new ArrayList<>();
      asItCame.forEach(block -> blocks.add(block.deepCopy()));
      if (!message.parts().isEmpty()
          && message.parts().getLast() instanceof Part.CacheBreakpoint mark) {
        keepUpTo(blocks, mark);
      }
      return blocks;
    }
    List<JsonNode> blocks = blocks(message);
    if (message.parts().isEmpty()) {
      if (!message.toolCalls().isEmpty()) {
        addThinking(message, blocks);
      }
      message.toolCalls().forEach(call -> blocks.add(toolUse(call)));
    }
    return blocks;
  }

  /** A turn that ends with thinking, since it was broken off, would be refused. */
  private static List<JsonNode> withoutLastThoughts(List<JsonNode> blocks) {
    int said = blocks.size();
    while (said > 0 && isThought(blocks.get(said - 1))) {
      said--;
    }
    return blocks.subList(0, said);
  }

  private static boolean isThought(JsonNode block) {
    String type = block.path("type").asText();
    return type.equals("thinking") || type.equals("redacted_thinking");
  }

  /** Thinking without its signature would be refused. */
  private static void addThinking(ChatMessage message, List<JsonNode> blocks) {
    if (message.signature() != null) {
      String thought = message.reasoning() == null ? "" : message.reasoning();
      blocks.addFirst(thinking(thought, message.signature()));
    }
  }

  private static ObjectNode thinking(String thought, @Nullable String signature) {
    return ClaudeJson.object()
        .put("type", "thinking")
        .put("thinking", thought)
        .put("signature", signature);
  }

  private void addResult(ChatMessage message) {
    String id = message.toolCallId() == null ? "" : id(message.toolCallId());
    if (!unanswered.remove(id)) {
      addLateResult(message);
      return;
    }
    ObjectNode result = ClaudeJson.object().put("type", "tool_result").put("tool_use_id", id);
    List<Part> parts = message.parts();
    boolean marked = !parts.isEmpty() && parts.getLast() instanceof Part.CacheBreakpoint;
    List<Part> said = marked ? parts.subList(0, parts.size() - 1) : parts;
    if (said.stream().allMatch(Part.Text.class::isInstance)) {
      String text = said(message);
      if (!text.isBlank()) {
        result.put("content", text);
      }
    } else {
      result.putArray("content").addAll(blocks(said));
    }
    if (marked && parts.getLast() instanceof Part.CacheBreakpoint mark) {
      keepUpTo(List.of(result), mark);
    }
    if (message.failed()) {
      result.put("is_error", true);
    }
    turnAfterCalls().results.add(result);
  }

  private void addLateResult(ChatMessage message) {
    if (message.images().isEmpty()) {
      addText("user", LATE_RESULT + "\n" + message.content());
    } else {
      addText("user", LATE_RESULT);
      addUser(message);
    }
  }

  private void addUser(ChatMessage message) {
    List<JsonNode> blocks = blocks(message);
    if (!blocks.isEmpty()) {
      turn("user").blocks.addAll(blocks);
    }
  }

  /** What a turn says and shows, in its order; a block without text would be refused. */
  private static List<JsonNode> blocks(ChatMessage message) {
    return blocks(
        message.parts().isEmpty() ? List.of(new Part.Text(message.content())) : message.parts());
  }

  private static List<JsonNode> blocks(List<Part> parts) {
    List<JsonNode> blocks = new ArrayList<>();
    for (Part part : parts) {
      switch (part) {
        case Part.Text said when said.text().isBlank() -> {}
        case Part.Text said -> blocks.add(text(said.text()));
        case Part.Shown shown -> blocks.add(image(shown.image()));
        case Part.Thought thought when thought.signature() == null -> {}
        case Part.Thought thought -> blocks.add(thinking(thought.text(), thought.signature()));
        case Part.Called called -> blocks.add(toolUse(called.call()));
        case Part.Redacted redacted ->
            blocks.add(
                ClaudeJson.object().put("type", "redacted_thinking").put("data", redacted.data()));
        case Part.CacheBreakpoint mark -> keepUpTo(blocks, mark);
      }
    }
    return blocks;
  }

  /** Marks the last block that can bear it, which thinking cannot. */
  private static void keepUpTo(List<? extends JsonNode> blocks, Part.CacheBreakpoint mark) {
    if (!blocks.isEmpty()
        && blocks.getLast() instanceof ObjectNode last
        && !isThought(last)
        && ClaudeJson.parse(mark.control()) instanceof ObjectNode control) {
      last.set("cache_control", control);
    }
  }

  /** The text of a result without images, in its provider's own words where those were kept. */
  private static String said(ChatMessage result) {
    List<String> texts = new ArrayList<>();
    for (Part part : result.parts()) {
      if (part instanceof Part.Text said) {
        texts.add(said.text());
      }
    }
    return texts.isEmpty() ? result.content() : String.join("\n\n", texts);
  }

  private void addText(String role, String content) {
    if (!content.isBlank()) {
      turn(role).blocks.add(text(content));
    }
  }

  private Turn turn(String role) {
    answerOpenCalls();
    return lastOrNew(role);
  }

  /** Claude refuses a history in which the turn after a call does not answer it. */
  private void answerOpenCalls() {
    for (String id : unanswered) {
      turnAfterCalls()
          .results
          .add(
              ClaudeJson.object()
                  .put("type", "tool_result")
                  .put("tool_use_id", id)
                  .put("content", NO_RESULT)
                  .put("is_error", true));
    }
    unanswered.clear();
  }

  private Turn turnAfterCalls() {
    return lastOrNew("user");
  }

  private Turn lastOrNew(String role) {
    if (turns.isEmpty() || !turns.getLast().role.equals(role)) {
      turns.add(new Turn(role));
    }
    return turns.getLast();
  }

  private static ObjectNode message(String role, List<JsonNode> blocks) {
    ObjectNode message = ClaudeJson.object().put("role", role);
    boolean plain =
        blocks.size() == 1
            && blocks.getFirst().path("type").asText().equals("text")
            && !blocks.getFirst().has("cache_control");
    if (plain) {
      return message.put("content", blocks.getFirst().path("text").asText());
    }
    blocks.forEach(message.withArray("content")::add);
    return message;
  }

  private static ObjectNode image(Image image) {
    ObjectNode block = ClaudeJson.object().put("type", "image");
    ObjectNode source = block.putObject("source");
    if (image.url() != null) {
      source.put("type", "url").put("url", image.url());
    } else {
      source.put("type", "base64").put("media_type", image.mediaType()).put("data", image.base64());
    }
    return block;
  }

  private static ObjectNode text(String text) {
    return ClaudeJson.object().put("type", "text").put("text", text);
  }

  private static ObjectNode toolUse(ToolCall call) {
    JsonNode input = ClaudeJson.parse(call.arguments());
    ObjectNode block =
        ClaudeJson.object()
            .put("type", "tool_use")
            .put("id", id(call.id()))
            .put("name", call.name());
    return block.set(
        "input",
        input != null && input.isObject()
            ? input
            : ClaudeJson.object().put("arguments", call.arguments()));
  }

  /** Claude takes letters, digits, underscore and hyphen only. */
  private static String id(String id) {
    return id.isEmpty() ? "_" : id.replaceAll("[^a-zA-Z0-9_-]", "_");
  }
}
