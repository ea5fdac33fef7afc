package dev.finch.cli.output;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.Provenance;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import java.time.Duration;
import java.util.Locale;

/** Answers and their events as {@code --json} prints them. */
public final class AnswerJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AnswerJson() {}

  /** A whole answer, with who gave it and what it cost. */
  public static ObjectNode answer(Answer answer) {
    ObjectNode node = JSON.objectNode();
    node.put("text", answer.text());
    if (!answer.reasoning().isEmpty()) {
      node.put("reasoning", answer.reasoning());
    }
    for (ToolCall call : answer.toolCalls()) {
      node.withArray("tool_calls")
          .addObject()
          .put("id", call.id())
          .put("name", call.name())
          .put("arguments", call.arguments());
    }
    node.set("provenance", provenance(answer.provenance()));
    node.put("finish_reason", lower(answer.finishReason()));
    node.set("usage", usage(answer.usage()));
    node.set("timings", timings(answer.timings()));
    node.set("cost", cost(answer.cost()));
    return node;
  }

  /** A failure, with its code and what to do. */
  public static ObjectNode failure(Failure failure) {
    ObjectNode node = JSON.objectNode();
    ObjectNode error = node.putObject("error");
    error.put("code", lower(failure.code()));
    error.put("message", failure.message());
    error.put("hint", failure.hint().orElse(null));
    error.put("retryable", failure.retryable());
    return node;
  }

  /** One line of {@code --json --stream}. */
  public static ObjectNode event(AnswerEvent event) {
    ObjectNode node = JSON.objectNode();
    switch (event) {
      case AnswerEvent.Queued queued ->
          node.put("event", "queued")
              .put("position", queued.position())
              .put("reason", lower(queued.reason()));
      case AnswerEvent.Started started ->
          node.put("event", "started").set("provenance", provenance(started.provenance()));
      case AnswerEvent.Delta delta -> node.put("event", "delta").put("text", delta.text());
      case AnswerEvent.Reasoning piece -> node.put("event", "reasoning").put("text", piece.text());
      case AnswerEvent.ToolCallStarted call ->
          node.put("event", "tool_call_started")
              .put("index", call.index())
              .put("id", call.id())
              .put("name", call.name());
      case AnswerEvent.ToolCallArguments piece ->
          node.put("event", "tool_call_arguments")
              .put("index", piece.index())
              .put("fragment", piece.fragment());
      case AnswerEvent.Finished end -> {
        node.put("event", "finished").put("finish_reason", lower(end.reason()));
        node.set("usage", usage(end.usage()));
        node.set("timings", timings(end.timings()));
        node.set("cost", cost(end.cost()));
      }
      case AnswerEvent.Failed failed -> {
        node.put("event", "failed");
        node.setAll(failure(failed.failure()));
      }
    }
    return node;
  }

  private static ObjectNode provenance(Provenance who) {
    return JSON.objectNode()
        .put("provider", lower(who.provider()))
        .put("model", who.model())
        .put("reason", lower(who.reason()))
        .put("demonstration", who.demonstration());
  }

  private static ObjectNode usage(TokenUsage usage) {
    return JSON.objectNode()
        .put("prompt_tokens", usage.promptTokens())
        .put("cached_tokens", usage.cachedTokens())
        .put("completion_tokens", usage.completionTokens())
        .put("reasoning_tokens", usage.reasoningTokens());
  }

  private static ObjectNode timings(Timings timings) {
    return JSON.objectNode()
        .put("queued_ms", millis(timings.queued()))
        .put("first_token_ms", millis(timings.firstToken()))
        .put("total_ms", millis(timings.total()))
        .put("completion_per_second", timings.completionPerSecond().orElse(0));
  }

  private static ObjectNode cost(Cost cost) {
    return JSON.objectNode()
        .put("micro_dollars", cost.microDollars().orElse(0))
        .put("estimated", cost.estimated())
        .put("known", cost.known());
  }

  private static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e4) / 100.0;
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
