package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Provenance;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.ContentType;

/** Writes Ollama's answers, whole and as one JSON object a line. */
final class OllamaWriter implements AnswerWriter {

  private final String model;
  private final boolean chat;
  private final Consumer<Provenance> afterwards;
  private final StringBuilder arguments = new StringBuilder();
  private String callId = "";
  private String callName = "";

  /**
   * @param chat whether this is {@code /api/chat}, not {@code /api/generate}
   * @param afterwards told who answered when a streamed answer has ended
   */
  OllamaWriter(String model, boolean chat, Consumer<Provenance> afterwards) {
    this.model = model;
    this.chat = chat;
    this.afterwards = afterwards;
  }

  @Override
  public ContentType contentType() {
    return Replies.LINES;
  }

  @Override
  public String event(int choice, AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.Delta piece ->
          NdjsonStream.line(
              logprobs(unfinished(chunk(model, chat, piece.text())), piece.logprobs()));
      case AnswerEvent.Reasoning piece when piece.text().isEmpty() -> "";
      case AnswerEvent.Reasoning piece -> {
        ObjectNode chunk = chunk(model, chat, "");
        holder(chunk).put("thinking", piece.text());
        yield NdjsonStream.line(unfinished(chunk));
      }
      case AnswerEvent.ToolCallStarted call -> {
        String previous = callEnded();
        callId = call.id();
        callName = call.name();
        yield previous;
      }
      case AnswerEvent.ToolCallArguments piece -> {
        arguments.append(piece.fragment());
        yield "";
      }
      case AnswerEvent.Finished finished ->
          callEnded()
              + NdjsonStream.line(
                  finished(
                      chunk(model, chat, ""),
                      finished.reason(),
                      finished.usage(),
                      finished.timings()));
      case AnswerEvent.Queued _, AnswerEvent.Started _, AnswerEvent.Failed _ -> "";
    };
  }

  @Override
  public String end(Provenance who) {
    afterwards.accept(who);
    return "";
  }

  @Override
  public String broken(Failure failure) {
    return NdjsonStream.line(Ollama.failed(failure));
  }

  /** An empty piece: clients try to read every line. */
  @Override
  public String keepAlive() {
    return NdjsonStream.line(unfinished(chunk(model, chat, "")));
  }

  ObjectNode whole(Answers.Whole whole) {
    Answer answer = whole.answer();
    ObjectNode json = logprobs(chunk(model, chat, answer.text()), whole.logprobs());
    if (!answer.reasoning().isEmpty()) {
      holder(json).put("thinking", answer.reasoning());
    }
    if (!answer.toolCalls().isEmpty()) {
      putCalls(json, answer.toolCalls());
    }
    return finished(json, answer.finishReason(), answer.usage(), answer.timings());
  }

  static ObjectNode chunk(String model, boolean chat, String text) {
    ObjectNode chunk =
        Json.object().put("model", model).put("created_at", Instant.now().toString());
    if (chat) {
      chunk.putObject("message").put("role", "assistant").put("content", text);
    } else {
      chunk.put("response", text);
    }
    return chunk;
  }

  /** In OpenAI's form, without the object around it. */
  private static ObjectNode logprobs(ObjectNode chunk, List<TokenLogprob> tokens) {
    ObjectNode all = OpenAiChat.logprobs(tokens);
    if (all != null) {
      chunk.set("logprobs", all.get("content"));
    }
    return chunk;
  }

  private static ObjectNode unfinished(ObjectNode chunk) {
    return chunk.put("done", false);
  }

  private ObjectNode holder(ObjectNode chunk) {
    return chat ? (ObjectNode) chunk.get("message") : chunk;
  }

  /** A call is sent whole, since its arguments are an object here. */
  private String callEnded() {
    if (callName.isEmpty()) {
      return "";
    }
    ObjectNode chunk = chunk(model, chat, "");
    putCalls(chunk, List.of(new ToolCall(callId, callName, arguments.toString())));
    arguments.setLength(0);
    callName = "";
    return NdjsonStream.line(unfinished(chunk));
  }

  private void putCalls(ObjectNode chunk, List<ToolCall> all) {
    ArrayNode json = holder(chunk).putArray("tool_calls");
    for (ToolCall call : all) {
      json.addObject()
          .putObject("function")
          .put("name", call.name())
          .set("arguments", AnthropicMessage.input(call.arguments()));
    }
  }

  private static ObjectNode finished(
      ObjectNode json, FinishReason reason, TokenUsage usage, Timings timings) {
    String why =
        reason == FinishReason.LENGTH || reason == FinishReason.CONTEXT_FULL ? "length" : "stop";
    Duration generating = timings.total().minus(timings.firstToken());
    return json.put("done", true)
        .put("done_reason", why)
        .put("total_duration", timings.total().toNanos())
        .put("load_duration", 0)
        .put("prompt_eval_count", usage.promptTokens())
        .put("prompt_eval_duration", timings.firstToken().minus(timings.queued()).toNanos())
        .put("eval_count", usage.completionTokens())
        .put("eval_duration", Math.max(0, generating.toNanos()));
  }
}
