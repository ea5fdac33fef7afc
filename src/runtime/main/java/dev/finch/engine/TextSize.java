package dev.finch.engine;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.ToolCall;

/** About how much text a request holds, in characters, without rendering it. */
final class TextSize {

  private static final int FRAME = 32;

  private TextSize() {}

  static long of(GenerateRequest request) {
    long tools =
        request.tools().stream().mapToLong(tool -> (long) FRAME + tool.parameters().length()).sum();
    return tools
        + switch (request.prompt()) {
          case Prompt.Raw(var text, var suffix) ->
              (long) text.length() + (suffix == null ? 0 : suffix.length());
          case Prompt.Conversation(var messages) -> messages.stream().mapToLong(TextSize::of).sum();
        };
  }

  private static long of(ChatMessage message) {
    String reasoning = message.reasoning();
    return (long) FRAME
        + message.content().length()
        + (reasoning == null ? 0L : reasoning.length())
        + message.toolCalls().stream().mapToLong(TextSize::of).sum();
  }

  private static long of(ToolCall call) {
    return (long) FRAME + call.arguments().length();
  }
}
