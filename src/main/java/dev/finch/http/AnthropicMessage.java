package dev.finch.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.Answer;
import dev.finch.inference.FinishReason;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import org.jspecify.annotations.Nullable;

/** Writes messages, whole, and what they share with streamed ones. */
final class AnthropicMessage {

  private AnthropicMessage() {}

  static ObjectNode whole(Call call, Answers.Whole whole) {
    Answer answer = whole.answer();
    ObjectNode message = envelope(call, answer.provenance().model());
    ArrayNode content = message.putArray("content");
    if (!answer.reasoning().isEmpty() || !whole.signature().isEmpty()) {
      content
          .addObject()
          .put("type", "thinking")
          .put("thinking", answer.reasoning())
          .put("signature", whole.signature());
    }
    if (!answer.text().isEmpty() || answer.toolCalls().isEmpty()) {
      content.addObject().put("type", "text").put("text", answer.text()).putNull("citations");
    }
    for (ToolCall tool : answer.toolCalls()) {
      content
          .addObject()
          .put("type", "tool_use")
          .put("id", tool.id())
          .put("name", tool.name())
          .set("input", input(tool.arguments()));
    }
    stopped(message, answer.finishReason(), whole.stopSequence());
    message.set("usage", usage(answer.usage()));
    return message;
  }

  static ObjectNode envelope(Call call, String model) {
    return Json.object()
        .put("id", "msg_" + call.id().substring("req_".length()))
        .put("type", "message")
        .put("role", "assistant")
        .put("model", model);
  }

  static void stopped(ObjectNode target, FinishReason reason, @Nullable String stopSequence) {
    target.put("stop_reason", stopReason(reason)).put("stop_sequence", stopSequence);
  }

  static String stopReason(FinishReason reason) {
    return switch (reason) {
      case STOP -> "end_turn";
      case STOP_SEQUENCE -> "stop_sequence";
      case LENGTH -> "max_tokens";
      case TOOL_CALLS -> "tool_use";
      case REFUSAL -> "refusal";
      case CONTEXT_FULL -> "model_context_window_exceeded";
    };
  }

  /** Cached tokens are told apart from input tokens here, not counted among them. */
  static ObjectNode usage(TokenUsage usage) {
    long fresh = usage.promptTokens() - usage.cachedTokens() - usage.cacheWriteTokens();
    return Json.object()
        .put("input_tokens", Math.max(0, fresh))
        .put("cache_creation_input_tokens", usage.cacheWriteTokens())
        .put("cache_read_input_tokens", usage.cachedTokens())
        .put("output_tokens", usage.completionTokens());
  }

  static JsonNode input(String arguments) {
    try {
      return Json.read(arguments) instanceof ObjectNode object ? object : Json.object();
    } catch (JsonProcessingException e) {
      return Json.object();
    }
  }
}
