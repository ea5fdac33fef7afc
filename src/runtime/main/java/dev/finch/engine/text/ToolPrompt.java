package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Role;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tools for a model whose chat template knows none: they are listed in the system text, and calls
 * and results stand in the turns as text, in the Hermes format.
 */
public final class ToolPrompt {

  private static final String INTRODUCTION =
      """
      You can call these tools. Each line describes one, with a JSON schema of its arguments:
      <tools>
      """;

  private static final String INSTRUCTION =
      """
      </tools>
      To call a tool, write one JSON object with its name and its arguments, in this form:
      <tool_call>
      {"name": "the tool's name", "arguments": {}}
      </tool_call>
      The result comes back between <tool_response> tags. Call a tool only if it helps to answer.\
      """;

  private ToolPrompt() {}

  /** The system text that lists these tools. */
  public static String describe(List<Tool> tools) {
    return tools.stream()
        .map(tool -> PythonValues.dumps(definition(tool)) + "\n")
        .collect(Collectors.joining("", INTRODUCTION, INSTRUCTION));
  }

  /** A tool as OpenAI's API and every template with tools write it. */
  static Map<String, @Nullable Object> definition(Tool tool) {
    Map<String, @Nullable Object> function = new LinkedHashMap<>();
    function.put("name", tool.name());
    if (tool.description() != null) {
      function.put("description", tool.description());
    }
    function.put("parameters", PythonValues.parse(tool.parameters()));
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("type", "function");
    definition.put("function", function);
    return definition;
  }

  /** The same conversation with tools, calls and results as text. */
  static List<ChatMessage> asText(List<ChatMessage> messages, List<Tool> tools) {
    List<ChatMessage> plain = new ArrayList<>();
    for (ChatMessage message : messages) {
      plain.add(
          switch (message.role()) {
            case TOOL ->
                ChatMessage.user("<tool_response>\n" + message.content() + "\n</tool_response>");
            case ASSISTANT -> ChatMessage.assistant(withCalls(message));
            case SYSTEM, USER -> message;
          });
    }
    if (!tools.isEmpty()) {
      String list = describe(tools);
      if (plain.getFirst().role() == Role.SYSTEM) {
        plain.set(0, ChatMessage.system(plain.getFirst().content() + "\n\n" + list));
      } else {
        plain.addFirst(ChatMessage.system(list));
      }
    }
    return plain;
  }

  private static String withCalls(ChatMessage message) {
    StringBuilder text = new StringBuilder(message.content());
    for (ToolCall call : message.toolCalls()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append("<tool_call>\n{\"name\": ")
          .append(PythonValues.dumps(call.name()))
          .append(", \"arguments\": ")
          .append(PythonValues.dumps(PythonValues.parse(call.arguments())))
          .append("}\n</tool_call>");
    }
    return text.toString();
  }
}
