package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes chat completions, whole and streamed. */
final class OpenAiChat {

  /**
   * What stays the same through one response.
   *
   * @param id names it
   * @param created seconds since 1970
   * @param usage whether a stream ends with a usage chunk
   */
  record Shape(Dialect dialect, String requestId, String id, long created, boolean usage) {

    static Shape of(Call call, String prefix) {
      Body options = call.body().object("stream_options");
      return new Shape(
          call.dialect(),
          call.id(),
          prefix + call.id().substring("req_".length()),
          Instant.now().getEpochSecond(),
          options != null && options.flag("include_usage", false));
    }

    ObjectNode envelope(String object, String model) {
      return Json.object()
          .put("id", id)
          .put("object", object)
          .put("created", created)
          .put("model", model)
          .put("system_fingerprint", "finch");
    }
  }

  private OpenAiChat() {}

  static ObjectNode whole(Shape shape, List<Answers.Whole> answers) {
    ObjectNode body =
        shape.envelope("chat.completion", answers.getFirst().answer().provenance().model());
    ArrayNode choices = body.putArray("choices");
    TokenUsage usage = TokenUsage.NONE;
    for (Answers.Whole whole : answers) {
      Answer answer = whole.answer();
      ObjectNode choice = choices.addObject().put("index", choices.size() - 1);
      choice.set("message", message(answer));
      choice.set("logprobs", logprobs(whole.logprobs()));
      choice.put("finish_reason", finishReason(answer.finishReason()));
      usage = sum(usage, answer.usage(), choices.size() > 1);
    }
    body.set("usage", usage(usage));
    return body;
  }

  private static ObjectNode message(Answer answer) {
    ObjectNode message = Json.object().put("role", "assistant");
    boolean onlyCalls = answer.text().isEmpty() && !answer.toolCalls().isEmpty();
    message.put("content", onlyCalls ? null : answer.text()).putNull("refusal");
    if (!answer.reasoning().isEmpty()) {
      message.put("reasoning_content", answer.reasoning());
    }
    if (!answer.toolCalls().isEmpty()) {
      ArrayNode calls = message.putArray("tool_calls");
      for (ToolCall call : answer.toolCalls()) {
        calls
            .addObject()
            .put("id", call.id())
            .put("type", "function")
            .putObject("function")
            .put("name", call.name())
            .put("arguments", call.arguments());
      }
    }
    return message;
  }

  static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP, STOP_SEQUENCE -> "stop";
      case LENGTH, CONTEXT_FULL -> "length";
      case TOOL_CALLS -> "tool_calls";
      case REFUSAL -> "content_filter";
    };
  }

  static ObjectNode usage(TokenUsage usage) {
    ObjectNode json =
        Json.object()
            .put("prompt_tokens", usage.promptTokens())
            .put("completion_tokens", usage.completionTokens())
            .put("total_tokens", usage.totalTokens());
    json.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
    json.putObject("completion_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
    return json;
  }

  /**
   * OpenAI counts a prompt once, however many answers it has.
   *
   * @param copy whether the prompt of what is added has been counted
   */
  static TokenUsage sum(TokenUsage all, TokenUsage added, boolean copy) {
    return new TokenUsage(
        all.promptTokens() + (copy ? 0 : added.promptTokens()),
        all.cachedTokens() + (copy ? 0 : added.cachedTokens()),
        all.completionTokens() + added.completionTokens(),
        all.reasoningTokens() + added.reasoningTokens(),
        all.cacheWriteTokens() + (copy ? 0 : added.cacheWriteTokens()),
        all.longCacheWriteTokens() + (copy ? 0 : added.longCacheWriteTokens()));
  }

  static @Nullable ObjectNode logprobs(List<TokenLogprob> tokens) {
    if (tokens.isEmpty()) {
      return null;
    }
    ObjectNode json = Json.object();
    ArrayNode content = json.putArray("content");
    for (TokenLogprob token : tokens) {
      ObjectNode entry = content.addObject();
      logprob(entry, token.token(), token.logprob());
      ArrayNode top = entry.putArray("top_logprobs");
      for (TokenLogprob.Alternative other : token.alternatives()) {
        logprob(top.addObject(), other.token(), other.logprob());
      }
    }
    return json;
  }

  private static void logprob(ObjectNode entry, String token, double logprob) {
    entry.put("token", token).put("logprob", logprob);
    ArrayNode bytes = entry.putArray("bytes");
    for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(b & 0xff);
    }
  }

  /** The chunks of a stream. */
  static final class Stream extends OpenAiChunks {

    Stream(Shape shape) {
      super(shape, "chat.completion.chunk");
    }

    @Override
    public String event(int choice, AnswerEvent event) {
      ObjectNode delta = Json.object();
      return switch (event) {
        case AnswerEvent.Started started -> {
          startedBy(started.provenance());
          yield chunk(choice, delta.put("role", "assistant").put("content", ""), null, null);
        }
        case AnswerEvent.Delta piece ->
            chunk(choice, delta.put("content", piece.text()), logprobs(piece.logprobs()), null);
        case AnswerEvent.Reasoning piece when piece.text().isEmpty() -> "";
        case AnswerEvent.Reasoning piece ->
            chunk(choice, delta.put("reasoning_content", piece.text()), null, null);
        case AnswerEvent.ToolCallStarted call -> {
          ObjectNode json = call(delta, call.index()).put("id", call.id()).put("type", "function");
          json.putObject("function").put("name", call.name()).put("arguments", "");
          yield chunk(choice, delta, null, null);
        }
        case AnswerEvent.ToolCallArguments piece -> {
          call(delta, piece.index()).putObject("function").put("arguments", piece.fragment());
          yield chunk(choice, delta, null, null);
        }
        case AnswerEvent.Finished finished -> {
          used(finished.usage(), choice > 0);
          yield chunk(choice, delta, null, finishReason(finished.reason()));
        }
        case AnswerEvent.Queued _, AnswerEvent.Failed _ -> "";
      };
    }

    private static ObjectNode call(ObjectNode delta, int index) {
      return delta.putArray("tool_calls").addObject().put("index", index);
    }

    private String chunk(
        int index, ObjectNode delta, @Nullable ObjectNode logprobs, @Nullable String reason) {
      ObjectNode chunk = chunk();
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
      choice.set("delta", delta);
      choice.set("logprobs", logprobs);
      choice.put("finish_reason", reason);
      if (tellsUsage()) {
        chunk.putNull("usage");
      }
      return Sse.data(chunk);
    }
  }
}
