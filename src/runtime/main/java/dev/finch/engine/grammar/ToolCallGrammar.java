package dev.finch.engine.grammar;

import dev.finch.engine.calls.ToolFormat;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
   * @param thinking what ends the thoughts that the prompt has opened, or null
   * @param tools at least one
   * @param most how many calls there may be
   */
  static Gbnf of(ToolFormat format, @Nullable String thinking, List<Tool> tools, int most) {
    SchemaGrammar grammar = new SchemaGrammar();
    String call = call(grammar, format, tools);
    String thoughts = thinking == null ? "" : thoughts(thinking) + " ";
    return grammar.whole(thoughts + CallFrame.calls(format, call, most));
  }

  /** The grammar of one call without any marks, or null where the format has no such calls. */
  static @Nullable Gbnf bare(ToolFormat format, List<Tool> tools) {
    if (!CallFrame.isJson(format)) {
      return null;
    }
    SchemaGrammar grammar = new SchemaGrammar();
    return grammar.whole(call(grammar, format, tools));
  }

  private static String call(SchemaGrammar grammar, ToolFormat format, List<Tool> tools) {
    List<String> calls = new ArrayList<>();
    for (Tool tool : tools) {
      calls.add(CallFrame.call(format, tool.name(), grammar.arguments(tool)));
    }
    return grammar.rules().define("call", Rules.choice(calls));
  }

  /** Anything up to a mark, which begins with its first character and no other mark. */
  static String thoughts(String end) {
    int first = end.codePointAt(0);
    int second = end.codePointAt(Character.charCount(first));
    String others = "[^" + Rules.inClass(first) + "]";
    String begun = Rules.literal(Character.toString(first)) + " [^" + Rules.inClass(second) + "]";
    return "(" + others + " | " + begun + ")* " + Rules.literal(end) + " \"\\n\"{0,2}";
  }
}
