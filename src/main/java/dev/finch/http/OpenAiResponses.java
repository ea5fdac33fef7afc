package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.Answer;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Sampling;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes the responses API, without state: the whole conversation comes each time. */
final class OpenAiResponses {

  private OpenAiResponses() {}

  static GenerateRequest.Builder request(Body body) {
    for (String stateful : List.of("previous_response_id", "conversation", "prompt")) {
      if (body.has(stateful)) {
        throw Refusals.badRequest(
            stateful + " is not supported: Finch keeps no responses. Send the whole input.");
      }
    }
    if (body.flag("background", false)) {
      throw body.wrong("background", "false");
    }
    return GenerateRequest.builder()
        .messages(messages(body))
        .tools(tools(body))
        .toolChoice(OpenAiPrompt.toolChoice(body))
        .format(format(body))
        .sampling(
            OpenAiPrompt.checked(
                Sampling.builder()
                    .temperature(body.number("temperature"))
                    .topP(body.number("top_p"))
                    .maxTokens(body.integer("max_output_tokens"))))
        .conversationId(body.text("prompt_cache_key"));
  }

  private static List<ChatMessage> messages(Body body) {
    List<ChatMessage> messages = new ArrayList<>();
    String instructions = body.text("instructions");
    if (instructions != null) {
      messages.add(ChatMessage.system(instructions));
    }
    JsonNode input = body.raw("input");
    if (input != null && input.isTextual()) {
      messages.add(ChatMessage.user(input.textValue()));
      return messages;
    }
    for (Body item : body.objects("input")) {
      item(item, messages);
    }
    if (messages.isEmpty()) {
      throw Refusals.badRequest("input is missing or empty (expected: a string or items).");
    }
    return messages;
  }

  private static void item(Body item, List<ChatMessage> messages) {
    switch (item.text("type", "message")) {
      case "message" -> messages.add(message(item));
      case "function_call" -> {
        ToolCall call =
            new ToolCall(
                item.requiredText("call_id"),
                item.requiredText("name"),
                item.text("arguments", "{}"));
        messages.add(ChatMessage.assistant("", List.of(call)));
      }
      case "function_call_output" ->
          messages.add(ChatMessage.toolResult(item.requiredText("call_id"), output(item)));
      case "reasoning" -> {}
      default ->
          throw item.wrong("type", "message, function_call, function_call_output or reasoning");
    }
  }

  private static String output(Body item) {
    JsonNode output = item.raw("output");
    return output == null ? "" : output.isTextual() ? output.textValue() : Json.write(output);
  }

  private static ChatMessage message(Body item) {
    String content = OpenAiPrompt.content(item);
    return switch (item.requiredText("role")) {
      case "system", "developer" -> ChatMessage.system(content);
      case "user" -> ChatMessage.user(content);
      case "assistant" -> ChatMessage.assistant(content);
      default -> throw item.wrong("role", "system, developer, user or assistant");
    };
  }

  private static List<Tool> tools(Body body) {
    List<Tool> tools = new ArrayList<>();
    for (Body tool : body.objects("tools")) {
      if (!tool.text("type", "").equals("function")) {
        throw tool.wrong("type", "function");
      }
      tools.add(OpenAiPrompt.tool(tool));
    }
    return tools;
  }

  private static ResponseFormat format(Body body) {
    Body text = body.object("text");
    Body format = text == null ? null : text.object("format");
    return format == null ? ResponseFormat.TEXT : OpenAiPrompt.format(format, format);
  }

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
    response.set("tools", orElse(call.body().raw("tools"), Json.array()));
    response.set("tool_choice", orElse(call.body().raw("tool_choice"), Json.text("auto")));
    response.set("metadata", orElse(call.body().raw("metadata"), Json.object()));
    response.put("parallel_tool_calls", true).put("store", false);
    response.putObject("text").putObject("format").put("type", "text");
    return response;
  }

  private static void copy(Body from, ObjectNode to, String field) {
    to.set(field, from.raw(field));
  }

  private static JsonNode orElse(@Nullable JsonNode value, JsonNode other) {
    return value == null ? other : value;
  }

  static ObjectNode whole(Call call, Answer answer) {
    ArrayNode output = Json.array();
    if (!answer.reasoning().isEmpty()) {
      output.add(reasoningItem(itemId("rs_", call, output), answer.reasoning()));
    }
    if (!answer.text().isEmpty() || answer.toolCalls().isEmpty()) {
      output.add(messageItem(itemId("msg_", call, output), "completed", answer.text()));
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
    String why =
        switch (reason) {
          case LENGTH, CONTEXT_FULL -> "max_output_tokens";
          case REFUSAL -> "content_filter";
          case STOP, STOP_SEQUENCE, TOOL_CALLS -> null;
        };
    ObjectNode response = envelope(call, why == null ? "completed" : "incomplete", model);
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

  static ObjectNode textPart(String text) {
    ObjectNode part = Json.object().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  static ObjectNode messageItem(String id, String status, String text) {
    ObjectNode item =
        Json.object()
            .put("id", id)
            .put("type", "message")
            .put("status", status)
            .put("role", "assistant");
    ArrayNode content = item.putArray("content");
    if (status.equals("completed")) {
      content.add(textPart(text));
    }
    return item;
  }

  static ObjectNode reasoningItem(String id, String text) {
    ObjectNode item = Json.object().put("id", id).put("type", "reasoning");
    item.putArray("summary");
    ArrayNode content = item.putArray("content");
    if (!text.isEmpty()) {
      content.addObject().put("type", "reasoning_text").put("text", text);
    }
    return item;
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
