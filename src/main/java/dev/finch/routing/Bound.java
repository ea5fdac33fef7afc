package dev.finch.routing;

import dev.finch.inference.ChatMessage;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The most that one answer by Claude can use.
 *
 * @param bytes of the prompt's text in UTF-8
 * @param promptTokens never less than what will be counted: a token covers at least one byte
 * @param completionTokens the request's own bound, or the configured one
 */
record Bound(long bytes, long promptTokens, long completionTokens) {

  /** What the API adds around each message, and around tools, at most. */
  private static final int TOKENS_PER_MESSAGE = 16;

  private static final int TOKENS_OF_FRAME = 64;
  private static final int TOKENS_OF_TOOLS = 1024;

  static Bound of(GenerateRequest request, int configuredMaxTokens) {
    long bytes = 0;
    long messages = 1;
    switch (request.prompt()) {
      case Prompt.Raw raw -> bytes = bytes(raw.text()) + bytes(raw.suffix());
      case Prompt.Conversation conversation -> {
        messages = conversation.messages().size();
        for (ChatMessage message : conversation.messages()) {
          bytes += bytes(message);
        }
      }
    }
    for (Tool tool : request.tools()) {
      bytes += bytes(tool.toString());
    }
    if (request.format() instanceof ResponseFormat.JsonSchema schema) {
      bytes += bytes(schema.schema());
    }
    Integer own = request.sampling().maxTokens();
    int frame = request.tools().isEmpty() ? TOKENS_OF_FRAME : TOKENS_OF_FRAME + TOKENS_OF_TOOLS;
    return new Bound(
        bytes,
        bytes + messages * TOKENS_PER_MESSAGE + frame,
        own == null ? configuredMaxTokens : own);
  }

  long tokens() {
    return promptTokens + completionTokens;
  }

  private static long bytes(ChatMessage message) {
    long bytes = bytes(message.content()) + bytes(message.reasoning());
    for (ToolCall call : message.toolCalls()) {
      bytes += bytes(call.toString());
    }
    return bytes;
  }

  private static long bytes(@Nullable String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }
}
