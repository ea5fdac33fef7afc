package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as a chat template sees it, and the changes that make one fit a template which
 * knows less than the conversation holds.
 *
 * @param settings variables that say how the model is to answer
 */
record Conversation(List<ChatMessage> messages, List<Tool> tools, Map<String, Object> settings) {

  Conversation {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    settings = Map.copyOf(settings);
  }

  Conversation(List<ChatMessage> messages, List<Tool> tools) {
    this(messages, tools, Map.of());
  }

  /** Tools, calls and results as text. */
  Conversation toolsAsText() {
    return new Conversation(ToolPrompt.asText(messages, tools), List.of(), settings);
  }

  boolean usesTools() {
    return !tools.isEmpty() || !ChatMl.canSay(messages);
  }

  /** Whether a turn calls tools. */
  boolean hasCalls() {
    return messages.stream().anyMatch(message -> !message.toolCalls().isEmpty());
  }

  /** Whether a turn calls tools more than once. */
  boolean hasParallelCalls() {
    for (ChatMessage message : messages) {
      if (message.toolCalls().size() > 1) {
        return true;
      }
    }
    return false;
  }

  /** Every call in a turn of its own, with its result behind it. */
  Conversation oneCallATurn() {
    List<ChatMessage> parted = new ArrayList<>();
    int at = 0;
    while (at < messages.size()) {
      ChatMessage turn = messages.get(at);
      int end = at + 1;
      while (turn.toolCalls().size() > 1
          && end < messages.size()
          && messages.get(end).role() == Role.TOOL) {
        end++;
      }
      if (turn.toolCalls().size() > 1) {
        part(turn, messages.subList(at + 1, end), parted);
      } else {
        parted.add(turn);
      }
      at = end;
    }
    return new Conversation(parted, tools, settings);
  }

  private static void part(ChatMessage turn, List<ChatMessage> results, List<ChatMessage> parted) {
    Map<String, ChatMessage> byCall = new LinkedHashMap<>();
    List<ChatMessage> others = new ArrayList<>();
    for (ChatMessage result : results) {
      if (byCall.putIfAbsent(String.valueOf(result.toolCallId()), result) != null) {
        others.add(result);
      }
    }
    String content = turn.content();
    String reasoning = turn.reasoning();
    for (ToolCall call : turn.toolCalls()) {
      parted.add(
          ChatMessage.builder(turn.role(), content)
              .toolCalls(List.of(call))
              .privacy(turn.privacy())
              .reasoning(reasoning)
              .build());
      content = "";
      reasoning = null;
      ChatMessage result = byCall.remove(call.id());
      if (result != null) {
        parted.add(result);
      }
    }
    parted.addAll(byCall.values());
    parted.addAll(others);
  }

  /** User and assistant in turn after at most one system message, beginning with the user. */
  Conversation alternating() {
    List<ChatMessage> merged = new ArrayList<>();
    for (ChatMessage message : messages) {
      boolean first = merged.isEmpty();
      ChatMessage turn =
          message.role() == Role.SYSTEM && !first && merged.getLast().role() != Role.SYSTEM
              ? ChatMessage.user(message.content())
              : message;
      boolean alone = merged.isEmpty() || merged.getLast().role() == Role.SYSTEM;
      if (alone && turn.role() == Role.ASSISTANT) {
        merged.add(ChatMessage.user(""));
      }
      if (!first && merged.getLast().role() == turn.role() && turn.role() != Role.TOOL) {
        merged.add(join(merged.removeLast(), turn));
      } else {
        merged.add(turn);
      }
    }
    return new Conversation(merged, tools, settings);
  }

  /** The leading system text in front of the first user turn. */
  Conversation systemInUserTurn() {
    if (messages.getFirst().role() != Role.SYSTEM) {
      return this;
    }
    List<ChatMessage> rest = new ArrayList<>(messages.subList(1, messages.size()));
    ChatMessage system = ChatMessage.user(messages.getFirst().content());
    if (!rest.isEmpty() && rest.getFirst().role() == Role.USER) {
      rest.set(0, join(system, rest.getFirst()));
    } else {
      rest.addFirst(system);
    }
    return new Conversation(rest, tools, settings);
  }

  private static ChatMessage join(ChatMessage first, ChatMessage second) {
    List<ToolCall> calls = new ArrayList<>(first.toolCalls());
    calls.addAll(second.toolCalls());
    String gap = first.content().isEmpty() || second.content().isEmpty() ? "" : "\n\n";
    return ChatMessage.builder(first.role(), first.content() + gap + second.content())
        .toolCalls(calls)
        .privacy(first.privacy())
        .reasoning(second.reasoning())
        .build();
  }

  /** Whether nothing that the model must know is missing from this rendering. */
  boolean isWhollyIn(String prompt) {
    RenderedText text = new RenderedText(prompt);
    Stream<String> called =
        messages.stream().flatMap(message -> message.toolCalls().stream()).map(ToolCall::name);
    return messages.stream().allMatch(message -> isIn(text, message))
        && Stream.concat(called, tools.stream().map(Tool::name))
            .distinct()
            .allMatch(name -> new RenderedText(prompt).holds(List.of(name)));
  }

  private static boolean isIn(RenderedText text, ChatMessage message) {
    // Templates drop the thoughts of earlier turns on purpose.
    String said = message.content();
    if (message.role() == Role.ASSISTANT) {
      said = said.substring(said.lastIndexOf("</think>") + 1);
      said = said.startsWith("/think>") ? said.substring("/think>".length()) : said;
    }
    String stripped = said.strip();
    String quoted = quoted(stripped);
    boolean same = quoted.equals(stripped);
    return text.holds(same ? List.of(stripped) : List.of(stripped, quoted));
  }

  private static String quoted(String said) {
    String quoted = PythonValues.dumps(said);
    return quoted.substring(1, quoted.length() - 1);
  }

  /**
   * The variables {@code messages} and {@code tools} of a template.
   *
   * @param shortIds names calls by nine letters and digits, which some templates demand
   * @param noContent whether the content of a turn with calls and no text is none, as clients send
   *     it, and not empty text
   * @param textArguments whether the arguments of calls are JSON, and not what it stands for
   */
  Map<String, Object> variables(boolean shortIds, boolean noContent, boolean textArguments) {
    Map<String, String> names = new HashMap<>();
    List<Object> turns = new ArrayList<>();
    for (ChatMessage message : messages) {
      message.toolCalls().forEach(call -> names.put(call.id(), call.name()));
      turns.add(turn(message, names, shortIds, noContent, textArguments));
    }
    Map<String, Object> variables = new HashMap<>(settings);
    variables.put("messages", turns);
    if (!tools.isEmpty()) {
      List<Object> definitions = new ArrayList<>();
      tools.forEach(tool -> definitions.add(ToolPrompt.definition(tool)));
      variables.put("tools", definitions);
    }
    return variables;
  }

  private static boolean holdsOnlyCalls(ChatMessage message) {
    return message.content().isEmpty() && !message.toolCalls().isEmpty();
  }

  /** Whether a turn has calls and no text, so that its content is none. */
  boolean hasTurnsWithoutContent() {
    return messages.stream().anyMatch(Conversation::holdsOnlyCalls);
  }

  private static Object turn(
      ChatMessage message,
      Map<String, String> names,
      boolean shortIds,
      boolean noContent,
      boolean textArguments) {
    Map<String, @Nullable Object> turn = new LinkedHashMap<>();
    turn.put("role", message.role().name().toLowerCase(Locale.ROOT));
    boolean none = noContent && holdsOnlyCalls(message);
    turn.put("content", none ? null : message.content());
    if (message.reasoning() != null) {
      turn.put("reasoning_content", message.reasoning());
    }
    if (!message.toolCalls().isEmpty()) {
      List<Object> calls = new ArrayList<>();
      message.toolCalls().forEach(call -> calls.add(call(call, shortIds, textArguments)));
      turn.put("tool_calls", calls);
    }
    String answers = message.toolCallId();
    if (answers != null) {
      turn.put("tool_call_id", shortIds ? shortId(answers) : answers);
      if (names.containsKey(answers)) {
        turn.put("name", names.get(answers));
      }
    }
    return turn;
  }

  private static Object call(ToolCall call, boolean shortIds, boolean textArguments) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    Object arguments = PythonValues.parse(call.arguments());
    function.put("arguments", textArguments ? PythonValues.dumps(arguments) : arguments);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", shortIds ? shortId(call.id()) : call.id());
    fields.put("type", "function");
    fields.put("function", function);
    return fields;
  }

  /** Nine letters and digits that stand for this id, always the same. */
  static String shortId(String id) {
    if (id.matches("[A-Za-z0-9]{9}")) {
      return id;
    }
    long hash = 1125899906842597L;
    for (int i = 0; i < id.length(); i++) {
      hash = 31 * hash + id.charAt(i);
    }
    String digits = Long.toString(hash & Long.MAX_VALUE, Character.MAX_RADIX);
    return "0".repeat(9).concat(digits).substring(digits.length());
  }
}
