package dev.finch.engine.text;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.util.List;

/** Small conversations whose rendering tells what a template does with tools and calls. */
final class TemplateProbe {

  /** What a rendering of {@link #CALL} shows where the arguments are written as JSON. */
  static final String ARGUMENTS = "\"probe\": \"a b\"";

  /** A tool that nobody calls. */
  static final String NAME = "finch_probe";

  private static final List<Tool> TOOLS =
      List.of(Tool.of(NAME, "c", "{\"type\": \"object\", \"properties\": {}}"));

  /** Conversations that a template must take one of, or it takes none. */
  static final List<Conversation> SMALLEST =
      List.of(
          new Conversation(List.of(ChatMessage.user("a")), List.of()),
          new Conversation(List.of(ChatMessage.system("b"), ChatMessage.user("a")), List.of()),
          new Conversation(List.of(ChatMessage.user("a")), TOOLS));

  /** A conversation with a tool. */
  static final Conversation TOOL = new Conversation(List.of(ChatMessage.user("a")), TOOLS);

  /** A conversation with a call. */
  static final Conversation CALL =
      new Conversation(
          List.of(
              ChatMessage.user("a"),
              ChatMessage.assistant(
                  "", List.of(new ToolCall("abcdef123", NAME, "{" + ARGUMENTS + "}"))),
              ChatMessage.toolResult("abcdef123", "b")),
          TOOLS);

  private TemplateProbe() {}
}
