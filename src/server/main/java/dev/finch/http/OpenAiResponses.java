package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.Answer;
import dev.finch.inference.FinishReason;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.ToolCall;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes responses, whole, and what they share with streamed ones. */
final class OpenAiResponses {

  private OpenAiResponses() {}

  /** The response object with what does not depend on the answer. */
  static ObjectNode envelope(Call call, String status, String model) {
    ObjectNode response =
        Json.object()
            .put("id", "resp_" + call.id().substring("req_".length()))
            .put("object", "response")
            .put("created_at", Instant.now().getEpochSecond())
            .put("status", status)
            .put("model", model);
    response.putNull("error").putNull("incomplete_details").putNull("previous_response_id");
    copy(call.body(), response, "instructions");
    copy(call.body(), response, "temperature");
    copy(call.body(), response, "top_p");
    copy(call.body(), response, "max_output_tokens");
    response.put("top_logprobs", orZero(call.body().integer("top_logprobs")));
    response.set("tools", ResponsesTools.kept(call.body()));
    response.set("tool_choice", orElse(call.body().raw("tool_choice"), Json.text("auto")));
    response.set("metadata", orElse(call.body().raw("metadata"), Json.object()));
    response.put("parallel_tool_calls", call.body().flag("parallel_tool_calls", true));
    response.put("store", false);
    response.set("text", text(call.body().object("text")));
    return response;
  }

  /** What was asked for; a format that nobody named is text. */
  private static ObjectNode text(@Nullable Body asked) {
    ObjectNode text = asked == null ? Json.object() : asked.node().deepCopy();
    if (!text.hasNonNull("format")) {
      text.putObject("format").put("type", "text");
    }
    return text;
  }

  private static void copy(Body from, ObjectNode to, String field) {
    to.set(field, from.raw(field));
  }

  private static JsonNode orElse(@Nullable JsonNode value, JsonNode other) {
    return value == null ? other : value;
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  static ObjectNode whole(Call call, Answers.Whole whole) {
    Answer answer = whole.answer();
    ArrayNode output = Json.array();
    if (!answer.reasoning().isEmpty()) {
      boolean summed = summarized(call.body());
      output.add(reasoningItem(itemId("rs_", call, output), answer.reasoning(), summed));
    }
    if (!answer.text().isEmpty() || answer.toolCalls().isEmpty()) {
      String status = answer.toolCalls().isEmpty() ? status(answer.finishReason()) : "completed";
      output.add(
          messageItem(itemId("msg_", call, output), status, answer.text(), whole.logprobs()));
    }
    for (ToolCall tool : answer.toolCalls()) {
      output.add(callItem(itemId("fc_", call, output), "completed", tool));
    }
    return finished(
        call, answer.provenance().model(), answer.finishReason(), answer.usage(), output);
  }

  private static String itemId(String prefix, Call call, ArrayNode output) {
    return itemId(prefix, call, output.size());
  }

  static String itemId(String prefix, Call call, int index) {
    return prefix + call.id().substring("req_".length()) + "_" + index;
  }

  /** The response when its answer has ended. */
  static ObjectNode finished(
      Call call, String model, FinishReason reason, TokenUsage usage, ArrayNode output) {
    String why = incompleteBecause(reason);
    ObjectNode response = envelope(call, status(reason), model);
    if (why != null) {
      response.putObject("incomplete_details").put("reason", why);
    }
    response.set("output", output);
    ObjectNode counted =
        response
            .putObject("usage")
            .put("input_tokens", usage.promptTokens())
            .put("output_tokens", usage.completionTokens())
            .put("total_tokens", usage.totalTokens());
    counted.putObject("input_tokens_details").put("cached_tokens", usage.cachedTokens());
    counted.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
    return response;
  }

  /** Of the response, and of the item that it ended in. */
  static String status(FinishReason reason) {
    return incompleteBecause(reason) == null ? "completed" : "incomplete";
  }

  private static @Nullable String incompleteBecause(FinishReason reason) {
    return switch (reason) {
      case LENGTH, CONTEXT_FULL -> "max_output_tokens";
      case REFUSAL -> "content_filter";
      case STOP, STOP_SEQUENCE, TOOL_CALLS -> null;
    };
  }

  static ObjectNode textPart(String text, List<TokenLogprob> logprobs) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.set("logprobs", logprobs(logprobs));
    return part;
  }

  /** Those of a text, in a list that may be empty. */
  static JsonNode logprobs(List<TokenLogprob> tokens) {
    ObjectNode told = OpenAiChat.logprobs(tokens);
    return told == null ? Json.array() : told.get("content");
  }

  static ObjectNode messageItem(
      String id, String status, String text, List<TokenLogprob> logprobs) {
    ObjectNode item =
        Json.object()
            .put("id", id)
            .put("type", "message")
            .put("status", status)
            .put("role", "assistant");
    ArrayNode content = item.putArray("content");
    if (!status.equals("in_progress")) {
      content.add(textPart(text, logprobs));
    }
    return item;
  }

  /**
   * Whether the client asked to see a summary of the reasoning, which is where some look for it: <a
   * href="https://platform.openai.com/docs/api-reference/responses/create">reasoning.summary</a>.
   */
  static boolean summarized(Body body) {
    Body reasoning = body.object("reasoning");
    return reasoning != null
        && (reasoning.has("summary") || reasoning.has("generate_summary"))
        && !reasoning.text("summary", "").equals("none");
  }

  /**
   * @param summed whether the text stands as the summary too
   */
  static ObjectNode reasoningItem(String id, String text, boolean summed) {
    ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
    ArrayNode summary = item.putArray("summary");
    if (summed && !text.isEmpty()) {
      summary.add(summaryPart(text));
    }
    ArrayNode content = item.putArray("content");
    if (!text.isEmpty()) {
      content.add(reasoningPart(text));
    }
    return item;
  }

  static ObjectNode reasoningPart(String text) {
    return Json.object().put("type", "reasoning_text").put("text", text);
  }

  static ObjectNode summaryPart(String text) {
    return Json.object().put("type", "summary_text").put("text", text);
  }

  static ObjectNode callItem(String id, String status, ToolCall call) {
    return Json.object()
        .put("id", id)
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", call.arguments());
  }
}
