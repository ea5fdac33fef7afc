package dev.finch.engine.grammar;

import dev.finch.engine.calls.ToolFormat;

/**
 * What stands around the names and the arguments of calls, by the format of a model's family. Where
 * a family writes arguments in no JSON, they are JSON here all the same, in the frame that its
 * reader takes too: a grammar can keep a schema there.
 */
final class CallFrame {

  private CallFrame() {}

  /**
   * A body of one call.
   *
   * @param arguments derives its arguments
   */
  static String call(ToolFormat format, String name, String arguments) {
    String quoted = JsonLiterals.quoted(name);
    return switch (format) {
      case HERMES, QWEN_CODER, MINICPM3, MISTRAL, HAMMER, PHI4 ->
          json("{\"name\": " + quoted + ", \"arguments\": ", arguments);
      case LLAMA3 -> json("{\"name\": " + quoted + ", \"parameters\": ", arguments);
      case COMMAND_R -> json("{\"tool_name\": " + quoted + ", \"parameters\": ", arguments);
      case COMMAND_R7B ->
          Rules.literal("{\"tool_call_id\": \"")
              + " [0-9] "
              + json("\", \"tool_name\": " + quoted + ", \"parameters\": ", arguments);
      case MISTRAL_NAMED -> Rules.literal("[TOOL_CALLS]" + name + "[ARGS]") + " " + arguments;
      case DEEPSEEK ->
          Rules.literal("<｜tool▁call▁begin｜>function<｜tool▁sep｜>" + name + "\n```json\n")
              + " "
              + arguments
              + " "
              + Rules.literal("\n```<｜tool▁call▁end｜>");
      case DEEPSEEK_V31 ->
          Rules.literal("<｜tool▁call▁begin｜>" + name + "<｜tool▁sep｜>")
              + " "
              + arguments
              + " "
              + Rules.literal("<｜tool▁call▁end｜>");
      case FUNCTIONARY -> Rules.literal(name + "\n") + " " + arguments;
      case HARMONY ->
          Rules.literal(
                  "<|channel|>commentary to=functions." + name + " <|constrain|>json<|message|>")
              + " "
              + arguments;
    };
  }

  private static String json(String head, String arguments) {
    return Rules.literal(head) + " " + arguments + " \"}\"";
  }

  /** Whether a call is an object of JSON, which may stand without marks around it. */
  static boolean isJson(ToolFormat format) {
    return switch (format) {
      case HERMES, QWEN_CODER, MINICPM3, MISTRAL, HAMMER, PHI4, LLAMA3, COMMAND_R, COMMAND_R7B ->
          true;
      case MISTRAL_NAMED, DEEPSEEK, DEEPSEEK_V31, FUNCTIONARY, HARMONY -> false;
    };
  }

  /** A body of one or more calls, of which this derives each. */
  static String calls(ToolFormat format, String call, int most) {
    return switch (format) {
      case HERMES, QWEN_CODER -> {
        String one = "\"<tool_call>\\n\" " + call + " \"\\n</tool_call>\"";
        yield list("", one, "\"\\n\"", "", most);
      }
      case MINICPM3 ->
          list("\"<|tool_call_start|>[\"", call, "\", \"", "\"]<|tool_call_end|>\"", most);
      case MISTRAL -> list("\"[TOOL_CALLS] [\"", call, "\", \"", "\"]\"", most);
      case MISTRAL_NAMED -> list("", call, "", "", most);
      case HAMMER -> list("\"[\\n\"", call, "\",\\n\"", "\"\\n]\"", most);
      case PHI4 -> list("\"<|tool_call|>[\"", call, "\", \"", "\"]<|/tool_call|>\"", most);
      case COMMAND_R7B ->
          list(
              "\"<|START_ACTION|>[\\n    \"", call, "\",\\n    \"", "\"\\n]<|END_ACTION|>\"", most);
      case COMMAND_R ->
          list("\"Action:\\n```json\\n[\\n\"", call, "\",\\n\"", "\"\\n]\\n```\"", most);
      case DEEPSEEK, DEEPSEEK_V31 ->
          list(
              Rules.literal("<｜tool▁calls▁begin｜>"),
              call,
              format == ToolFormat.DEEPSEEK ? "\"\\n\"" : "",
              Rules.literal("<｜tool▁calls▁end｜>"),
              most);
      // The prompt has written the first mark.
      case FUNCTIONARY -> list("", call, "\">>>\"", "", most);
      // One call a turn is all that these know.
      case LLAMA3, HARMONY -> call;
    };
  }

  private static String list(String before, String call, String between, String behind, int most) {
    String more = most == 1 ? "" : " (" + between + " " + call + "){0," + (most - 1) + "}";
    return (before + " " + call + more + " " + behind).strip();
  }
}
