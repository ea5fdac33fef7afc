package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest turns in which Claude thought before it called tools, as they came. Claude wants such
 * turns back unchanged, signatures included, with the tools' results; Finch's messages have a place
 * for one block of thinking at their beginning only. Bounded; a turn that was forgotten is sent
 * with the thinking and the signature that its message brings. Not thread-safe.
 */
final class ThinkingTurns {

  private static final int MOST = 256;
  private static final int MOST_CHARACTERS = 4 << 20;

  private record Turn(ArrayNode blocks, int characters) {}

  private final LinkedHashMap<List<String>, Turn> turns = new LinkedHashMap<>();
  private int characters;

  /** Keeps a turn that calls tools; other turns need not be sent back with their thinking. */
  void remember(ArrayNode blocks) {
    List<String> calls = new ArrayList<>();
    for (JsonNode block : blocks) {
      if (block.path("type").asText().equals("tool_use")) {
        calls.add(block.path("id").asText());
      }
    }
    if (calls.isEmpty()) {
      return;
    }
    Turn turn = new Turn(blocks, blocks.toString().length());
    forget(calls);
    turns.put(calls, turn);
    characters += turn.characters();
    while (turns.size() > MOST || characters > MOST_CHARACTERS) {
      forget(turns.sequencedKeySet().getFirst());
    }
  }

  /** The blocks of this message as Claude sent them, or null where it is not one of the latest. */
  @Nullable ArrayNode recall(ChatMessage message) {
    Turn turn = turns.get(message.toolCalls().stream().map(ToolCall::id).toList());
    return turn == null ? null : turn.blocks();
  }

  private void forget(List<String> calls) {
    Turn turn = turns.remove(calls);
    characters -= turn == null ? 0 : turn.characters();
  }
}
