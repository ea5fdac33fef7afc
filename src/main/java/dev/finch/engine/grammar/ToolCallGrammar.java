package dev.finch.engine.grammar;

import dev.finch.engine.text.ToolFormat;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.List;

/** Answers that are calls of given tools, in the format of a model. */
final class ToolCallGrammar {

  private ToolCallGrammar() {}

  /** The tools that a choice leaves. */
  static List<Tool> allowed(List<Tool> tools, ToolChoice choice) {
    if (!(choice instanceof ToolChoice.Named named)) {
      return tools;
    }
    List<Tool> chosen = tools.stream().filter(tool -> tool.name().equals(named.name())).toList();
    if (chosen.isEmpty()) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.BAD_REQUEST,
              "tool_choice names the tool '%s', which is not in tools".formatted(named.name()),
              "Name one of: " + String.join(", ", tools.stream().map(Tool::name).toList())));
    }
    return chosen;
  }

  /**
   * The grammar of one or more calls.
   *
   * @param tools at least one
   */
  static Gbnf of(ToolFormat format, List<Tool> tools) {
    SchemaGrammar grammar = new SchemaGrammar();
    List<String> calls = new ArrayList<>();
    for (Tool tool : tools) {
      String arguments = grammar.arguments(tool);
      String key = format == ToolFormat.LLAMA3 ? "parameters" : "arguments";
      String head = "{\"name\": " + JsonText.quoted(tool.name()) + ", \"" + key + "\": ";
      calls.add(Rules.literal(head) + " " + arguments + " \"}\"");
    }
    String call = grammar.rules().define("call", Rules.choice(calls));
    return grammar.whole(
        switch (format) {
          case HERMES -> {
            String one = "\"<tool_call>\\n\" " + call + " \"\\n</tool_call>\"";
            yield one + " (\"\\n\" " + one + "){0,7}";
          }
          case MISTRAL -> "\"[TOOL_CALLS] [\" " + call + " (\", \" " + call + "){0,7} \"]\"";
          case LLAMA3 -> call;
        });
  }
}
