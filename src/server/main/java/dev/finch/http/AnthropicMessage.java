package dev.finch.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Part;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes messages, whole, and what they share with streamed ones. */
final class AnthropicMessage {

  private AnthropicMessage() {}

  static ObjectNode whole(Call call, Answers.Whole whole) {
    Answer answer = whole.answer();
    ObjectNode message = envelope(call, answer.provenance().model());
    ArrayNode content = message.putArray("content");
    parts(answer).forEach(part -> content.add(block(part)));
    if (answer.text().isEmpty() && answer.toolCalls().isEmpty()) {
      content.add(block(new Part.Text("")));
    }
    stopped(message, answer.finishReason(), whole.finished().stopSequence());
    message.set("usage", usage(answer.usage()));
    beside(message, whole.finished());
    return message;
  }

  /**
   * Claude's blocks in their places, since it refuses a thought that comes back changed; of a local
   * answer all thoughts, then all text, then all calls, as its template will read them.
   */
  private static List<Part> parts(Answer answer) {
    if (answer.provenance().provider() == Provenance.Provider.CLAUDE) {
      return answer.parts();
    }
    List<Part> parts = new ArrayList<>();
    if (!answer.reasoning().isEmpty()) {
      parts.add(new Part.Thought(answer.reasoning(), null));
    }
    if (!answer.text().isEmpty()) {
      parts.add(new Part.Text(answer.text()));
    }
    answer.toolCalls().forEach(call -> parts.add(new Part.Called(call)));
    return parts;
  }

  private static ObjectNode block(Part part) {
    ObjectNode block = Json.object();
    return switch (part) {
      case Part.Text said ->
          block.put("type", "text").put("text", said.text()).putNull("citations");
      case Part.Thought(String text, var signature) ->
          block
              .put("type", "thinking")
              .put("thinking", text)
              .put("signature", signature == null ? "" : signature);
      case Part.Redacted hidden -> redacted(hidden.data());
      case Part.Called(ToolCall call) ->
          block
              .put("type", "tool_use")
              .put("id", call.id())
              .put("name", call.name())
              .set("input", input(call.arguments()));
      case Part.Shown _, Part.CacheBreakpoint _ ->
          throw new IllegalArgumentException("no answer has such a part");
    };
  }

  static ObjectNode redacted(String data) {
    return Json.object().put("type", "redacted_thinking").put("data", data);
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
    ObjectNode told =
        Json.object()
            .put("input_tokens", Math.max(0, fresh))
            .put("cache_creation_input_tokens", usage.cacheWriteTokens())
            .put("cache_read_input_tokens", usage.cachedTokens())
            .put("output_tokens", usage.completionTokens());
    if (usage.cacheWriteTokens() > 0) {
      told.putObject("cache_creation")
          .put("ephemeral_5m_input_tokens", usage.cacheWriteTokens() - usage.longCacheWriteTokens())
          .put("ephemeral_1h_input_tokens", usage.longCacheWriteTokens());
    }
    return told;
  }

  /**
   * Adds what Claude said beside its answer: to the usage what it says there, the rest to the
   * message.
   */
  static void beside(ObjectNode message, AnswerEvent.Finished finished) {
    String fields = finished.cloudFields();
    if (fields == null) {
      return;
    }
    ObjectNode usage = (ObjectNode) message.get("usage");
    input(fields)
        .properties()
        .forEach(
            field -> {
              boolean edits = field.getKey().equals("context_management");
              (edits ? message : usage).set(field.getKey(), field.getValue());
            });
  }

  static JsonNode input(String arguments) {
    try {
      return Json.read(arguments) instanceof ObjectNode object ? object : Json.object();
    } catch (JsonProcessingException e) {
      return Json.object();
    }
  }
}
