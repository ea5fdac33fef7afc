package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what Ollama's clients ask for. */
final class OllamaPrompt {

  private OllamaPrompt() {}

  /** Whether there is nothing to answer, which asks to load the model. */
  static boolean isEmpty(Body body, boolean chat) {
    return chat
        ? body.objects("messages").isEmpty()
        : body.text("prompt", "").isEmpty() && !body.has("suffix");
  }

  static GenerateRequest.Builder chat(Body body) {
    List<ChatMessage> messages = new ArrayList<>();
    Deque<ToolCall> unanswered = new ArrayDeque<>();
    for (Body message : body.objects("messages")) {
      messages.add(message(message, unanswered, messages.size()));
    }
    List<Tool> tools = new ArrayList<>();
    for (Body tool : body.objects("tools")) {
      Body function = tool.object("function");
      if (function == null) {
        throw tool.wrong("function", "an object");
      }
      tools.add(OpenAiPrompt.tool(function));
    }
    return common(body).messages(messages).tools(tools);
  }

  static GenerateRequest.Builder generate(Body body) {
    String prompt = body.text("prompt", "");
    if (body.flag("raw", false) || body.has("suffix")) {
      if (!Images.plain(body).isEmpty()) {
        throw body.wrong("images", "none in a raw prompt, which only a local model continues");
      }
      return common(body).prompt(new Prompt.Raw(prompt, body.text("suffix")));
    }
    List<ChatMessage> messages = new ArrayList<>();
    String system = body.text("system");
    if (system != null && !system.isEmpty()) {
      messages.add(ChatMessage.system(system));
    }
    messages.add(ChatMessage.user(prompt).withImages(Images.plain(body)));
    return common(body).messages(messages);
  }

  private static GenerateRequest.Builder common(Body body) {
    return GenerateRequest.builder()
        .format(format(body))
        .sampling(OllamaOptions.sampling(body))
        .cloudOptions(thinking(body));
  }

  /** {@code think} is a flag or an effort (ollama/ollama, docs/capabilities/thinking). */
  private static CloudOptions thinking(Body body) {
    JsonNode think = body.raw("think");
    if (think == null) {
      return CloudOptions.NONE;
    }
    if (think.isBoolean()) {
      boolean wanted = think.booleanValue();
      return OpenAiPrompt.options(body, wanted ? null : "none", wanted);
    }
    if (!List.of("low", "medium", "high").contains(think.asText())) {
      throw body.wrong("think", "true, false, low, medium or high");
    }
    return OpenAiPrompt.options(body, think.asText(), true);
  }

  private static ResponseFormat format(Body body) {
    JsonNode format = body.raw("format");
    if (format == null || (format.isTextual() && format.textValue().isEmpty())) {
      return ResponseFormat.TEXT;
    }
    if (format.isTextual() && format.textValue().equals("json")) {
      return ResponseFormat.JSON_OBJECT;
    }
    if (format instanceof ObjectNode) {
      return new ResponseFormat.JsonSchema(Json.write(format));
    }
    throw body.wrong("format", "json or a JSON schema");
  }

  /** Calls have no ids in this dialect, so results answer them by name, or by order. */
  private static ChatMessage message(Body message, Deque<ToolCall> unanswered, int position) {
    String content = message.text("content", "");
    return switch (message.requiredText("role")) {
      case "system" -> ChatMessage.system(content);
      case "user" -> ChatMessage.user(content).withImages(Images.plain(message));
      case "assistant" -> {
        List<ToolCall> calls = new ArrayList<>();
        for (Body call : message.objects("tool_calls")) {
          calls.add(call(call, "call_" + position + "_" + calls.size()));
          unanswered.add(calls.getLast());
        }
        yield ChatMessage.builder(Role.ASSISTANT, content)
            .toolCalls(calls)
            .reasoning(message.text("thinking"))
            .build();
      }
      case "tool" -> {
        ToolCall answered = answered(message, unanswered);
        yield ChatMessage.toolResult(answered == null ? "call_" + position : answered.id(), content)
            .withImages(Images.plain(message));
      }
      default -> throw message.wrong("role", "system, user, assistant or tool");
    };
  }

  /** The call that a result names by its tool, the first of them, or the first of all. */
  private static @Nullable ToolCall answered(Body result, Deque<ToolCall> unanswered) {
    String name = result.text("tool_name", "");
    for (ToolCall call : unanswered) {
      if (call.name().equals(name)) {
        unanswered.remove(call);
        return call;
      }
    }
    return unanswered.poll();
  }

  private static ToolCall call(Body call, String id) {
    Body function = call.object("function");
    if (function == null) {
      throw call.wrong("function", "an object");
    }
    Body arguments = function.object("arguments");
    return new ToolCall(
        id, function.requiredText("name"), arguments == null ? "{}" : Json.write(arguments.node()));
  }
}
