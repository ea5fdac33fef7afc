package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of an answer, which the model goes on with: a conversation that ends with text of
 * the assistant. Anthropic's Messages API, Ollama's /api/chat and llama.cpp's server ({@code
 * prefill_assistant}) all mean it so.
 *
 * <p>A mark at the end of that text tells where the model's own template would close the turn; what
 * stands behind it is cut off, as transformers does for {@code continue_final_message}.
 */
final class Prefill {

  /** A code point that Unicode keeps for internal use, beside the one of {@link ControlTexts}. */
  private static final char END = '\uFDD1';

  private static final String THOUGHT_END = "</think>";

  private Prefill() {}

  /** Whether the conversation ends with a beginning. */
  static boolean begins(List<ChatMessage> messages) {
    ChatMessage last = messages.getLast();
    return last.role() == Role.ASSISTANT && last.toolCalls().isEmpty();
  }

  /** The conversation without its last turn. */
  static List<ChatMessage> before(List<ChatMessage> messages) {
    return messages.subList(0, messages.size() - 1);
  }

  /** The conversation with the mark. */
  static List<ChatMessage> marked(List<ChatMessage> messages) {
    List<ChatMessage> marked = new ArrayList<>(messages);
    ChatMessage last = marked.removeLast();
    marked.add(
        ChatMessage.builder(last.role(), last.content() + END)
            .toolCalls(last.toolCalls())
            .toolCallId(last.toolCallId())
            .privacy(last.privacy())
            .reasoning(last.reasoning())
            .build());
    return marked;
  }

  /** The text up to the mark; all of it where there is none. */
  static String cut(String rendered) {
    int end = rendered.lastIndexOf(END);
    return end < 0 ? rendered : rendered.substring(0, end);
  }

  /** What of it is no thought. */
  static String said(String beginning) {
    int thought = beginning.lastIndexOf(THOUGHT_END);
    return thought < 0 ? beginning : beginning.substring(thought + THOUGHT_END.length());
  }

  /** Whether it breaks off inside the model's thoughts. */
  static boolean thinks(String beginning) {
    return beginning.lastIndexOf("<think>") > beginning.lastIndexOf(THOUGHT_END);
  }
}
