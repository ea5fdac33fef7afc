package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a vocabulary's control tokens, such as {@code <|im_start|>}, which only the chat
 * template may say: in what people, tools and earlier answers say they are text like any other.
 * Immutable and thread-safe.
 *
 * <p>Before the template sees a conversation, every such text in it is broken by a {@link #MARK}.
 * In the rendered prompt the marks tell what came from the conversation, and are taken out again.
 */
final class ControlTexts {

  /** A code point that Unicode keeps for internal use; text that comes with it is not text. */
  private static final char MARK = '\uFDD0';

  /** Marks of answers that some models write as control tokens, and find again in their turns. */
  private static final Set<String> ANSWER_MARKS =
      Set.of(
          "<think>", "</think>", "<tool_call>", "</tool_call>", "[TOOL_CALLS]", "<|python_tag|>");

  private static final char REPLACEMENT = '\uFFFD';

  /** The texts as a tree of their characters. */
  private static final class Node {
    final Map<Character, Node> next = new HashMap<>();
    boolean end;

    void add(String text) {
      Node node = this;
      for (int i = 0; i < text.length(); i++) {
        node = node.next.computeIfAbsent(text.charAt(i), _ -> new Node());
      }
      node.end = true;
    }

    /** Whether a text begins here; one that what is said next could complete counts. */
    boolean mayBegin(String said, int at) {
      Node node = this;
      for (int i = at; i < said.length(); i++) {
        node = node.next.get(said.charAt(i));
        if (node == null || node.end) {
          return node != null;
        }
      }
      return true;
    }

    /** The length of the longest text that stands here, 0 where none does. */
    int lengthOf(String prompt, int at) {
      Node node = this;
      int longest = 0;
      for (int i = at; i < prompt.length(); i++) {
        node = node.next.get(prompt.charAt(i));
        if (node == null) {
          break;
        }
        longest = node.end ? i + 1 - at : longest;
      }
      return longest;
    }
  }

  private final Node all = new Node();

  /** Without the marks that the model's own answers may hold as control tokens. */
  private final Node foreignToAnswers = new Node();

  ControlTexts(Collection<String> texts) {
    for (String text : texts) {
      // One character cannot be broken; no model's template speaks in such tokens.
      if (text.length() > 1) {
        all.add(text);
        if (!ANSWER_MARKS.contains(text)) {
          foreignToAnswers.add(text);
        }
      }
    }
  }

  /** The messages with every control text in them broken. */
  List<ChatMessage> brokenIn(List<ChatMessage> messages) {
    return messages.stream().map(this::brokenIn).toList();
  }

  private ChatMessage brokenIn(ChatMessage message) {
    Node texts = message.role() == Role.ASSISTANT ? foreignToAnswers : all;
    return ChatMessage.builder(message.role(), broken(texts, message.content()))
        .toolCalls(message.toolCalls().stream().map(this::brokenIn).toList())
        .toolCallId(brokenOrNull(message.toolCallId()))
        .privacy(message.privacy())
        .reasoning(brokenOrNull(message.reasoning()))
        .build();
  }

  private ToolCall brokenIn(ToolCall call) {
    return new ToolCall(
        broken(all, call.id()), broken(all, call.name()), brokenInJson(call.arguments()));
  }

  /** The tool with every control text in it broken. */
  Tool brokenIn(Tool tool) {
    return Tool.builder(broken(all, tool.name()), brokenInJson(tool.parameters()))
        .description(brokenOrNull(tool.description()))
        .strict(tool.strict())
        .build();
  }

  // A control text may hide behind escapes, which are gone once the JSON has been read.
  private String brokenInJson(String json) {
    String plain = json.indexOf('\\') < 0 ? json : PythonValues.dumps(PythonValues.parse(json));
    return broken(all, plain);
  }

  private @Nullable String brokenOrNull(@Nullable String text) {
    return text == null ? null : broken(all, text);
  }

  private static String broken(Node texts, String said) {
    String text = said.replace(MARK, REPLACEMENT);
    StringBuilder broken = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      broken.append(text.charAt(i));
      if (texts.mayBegin(text, i)) {
        broken.append(MARK);
      }
    }
    return broken.length() == text.length() ? text : broken.toString();
  }

  /** The prompt cut into spans at control texts, those that need not be told apart in one. */
  List<ChatTemplate.Span> spans(String rendered) {
    if (rendered.indexOf(MARK) < 0) {
      return List.of(new ChatTemplate.Span(rendered, true));
    }
    List<ChatTemplate.Span> spans = new ArrayList<>();
    int from = 0;
    int begun = 0;
    int mark = rendered.indexOf(MARK);
    while (from < rendered.length()) {
      int control = all.lengthOf(rendered, from);
      int to = control > 0 ? from + control : nextControl(rendered, from);
      if (mark >= 0 && mark < to) {
        addControls(spans, rendered.substring(begun, from));
        String said = rendered.substring(from, to).replace(String.valueOf(MARK), "");
        spans.add(new ChatTemplate.Span(said, false));
        begun = to;
        mark = rendered.indexOf(MARK, to);
      }
      from = to;
    }
    addControls(spans, rendered.substring(begun));
    return List.copyOf(spans);
  }

  private static void addControls(List<ChatTemplate.Span> spans, String text) {
    if (!text.isEmpty()) {
      spans.add(new ChatTemplate.Span(text, true));
    }
  }

  private int nextControl(String rendered, int from) {
    int at = from;
    while (at < rendered.length() && all.lengthOf(rendered, at) == 0) {
      at++;
    }
    return at;
  }
}
