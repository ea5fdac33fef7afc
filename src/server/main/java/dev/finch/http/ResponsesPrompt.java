package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.Sampling;
import dev.finch.inference.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the responses API, without state: the whole conversation comes each time. */
final class ResponsesPrompt {

  private static final int MOST_LOGPROBS = 20;

  private ResponsesPrompt() {}

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
    ToolSelection selection = ToolSelection.of(body, ResponsesTools.functions(body));
    return GenerateRequest.builder()
        .messages(messages(body))
        .tools(selection.tools())
        .toolChoice(ResponsesTools.checked(body, selection))
        .format(format(body))
        .sampling(
            OpenAiPrompt.checked(
                Sampling.builder()
                    .temperature(body.number("temperature"))
                    .topP(body.number("top_p"))
                    .logprobs(logprobs(body))
                    .maxTokens(OpenAiPrompt.unlessNone(body.integer("max_output_tokens"), null))))
        .conversationId(body.text("prompt_cache_key"))
        .cloudOptions(options(body));
  }

  /**
   * Asked for by the number of likely tokens, or by what the answer is to include: <a
   * href="https://platform.openai.com/docs/api-reference/responses/create">include,
   * top_logprobs</a>.
   */
  private static @Nullable Integer logprobs(Body body) {
    Integer top = body.integer("top_logprobs");
    if (top != null && (top < 0 || top > MOST_LOGPROBS)) {
      throw body.wrong("top_logprobs", "0 to " + MOST_LOGPROBS);
    }
    boolean included = body.texts("include").contains("message.output_text.logprobs");
    return top != null && top > 0 ? top : included ? Integer.valueOf(0) : null;
  }

  private static CloudOptions options(Body body) {
    Body reasoning = body.object("reasoning");
    String effort = reasoning == null ? null : reasoning.text("effort");
    return OpenAiPrompt.options(body, effort, OpenAiResponses.summarized(body));
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
      throw Refusals.badRequest(
          "input is missing or empty (expected: a string, or items with at least one message).");
    }
    return messages;
  }

  /**
   * What only OpenAI can use is skipped: calls that it ran itself, its compacted and its encrypted
   * state, references to what it stored. What says who speaks must be a message.
   */
  private static void item(Body item, List<ChatMessage> messages) {
    String type = item.text("type", "message");
    switch (type) {
      case "message" -> messages.add(message(item));
      case "function_call" -> addCall(call(item), messages);
      case "function_call_output" ->
          messages.add(
              ChatMessage.toolResult(item.requiredText("call_id"), output(item))
                  .withParts(OpenAiPrompt.parts(item, "output")));
      default -> {
        if (item.has("role")) {
          throw item.wrong("type", "message, where there is a role");
        }
      }
    }
  }

  private static ToolCall call(Body item) {
    return new ToolCall(
        item.requiredText("call_id"), item.requiredText("name"), item.text("arguments", "{}"));
  }

  /** Calls that follow each other, and the text before them, were one turn. */
  private static void addCall(ToolCall call, List<ChatMessage> messages) {
    if (messages.isEmpty() || messages.getLast().role() != Role.ASSISTANT) {
      messages.add(ChatMessage.assistant("", List.of(call)));
      return;
    }
    ChatMessage turn = messages.removeLast();
    List<ToolCall> calls = new ArrayList<>(turn.toolCalls());
    calls.add(call);
    messages.add(ChatMessage.assistant(turn.content(), calls));
  }

  /** A string, or a list of parts whose texts stand on lines of their own. */
  private static String output(Body item) {
    JsonNode output = item.raw("output");
    if (output == null || output.isTextual()) {
      return output == null ? "" : output.textValue();
    }
    if (!output.isArray()) {
      return Json.write(output);
    }
    List<String> texts = new ArrayList<>();
    for (Body part : item.parts("output")) {
      if (!OpenAiPrompt.isImage(part)) {
        texts.add(OpenAiPrompt.part(part));
      }
    }
    return String.join("\n", texts);
  }

  private static ChatMessage message(Body item) {
    String content = OpenAiPrompt.content(item);
    return switch (item.requiredText("role")) {
      case "system", "developer" -> ChatMessage.system(content);
      case "user" -> ChatMessage.user(content).withParts(OpenAiPrompt.parts(item, "content"));
      case "assistant" -> ChatMessage.assistant(content);
      default -> throw item.wrong("role", "system, developer, user or assistant");
    };
  }

  private static ResponseFormat format(Body body) {
    Body text = body.object("text");
    Body format = text == null ? null : text.object("format");
    return format == null ? ResponseFormat.TEXT : OpenAiPrompt.format(format, format);
  }
}
