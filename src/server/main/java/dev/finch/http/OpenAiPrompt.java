package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Part;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Role;
import dev.finch.inference.Sampling;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolCall;
import dev.finch.inference.ToolChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what OpenAI's clients ask for. */
final class OpenAiPrompt {

  private static final int MOST_COPIES = 16;

  private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_./:-]{1,128}");

  /** What a tool's name must be, for messages. */
  static final String TOOL_NAMES = "1 to 128 of the letters a-z and A-Z, digits, and _ - . / :";

  private OpenAiPrompt() {}

  static GenerateRequest.Builder chat(Body body) {
    for (String unsupported : List.of("functions", "function_call", "audio")) {
      if (body.has(unsupported)) {
        throw Refusals.badRequest(unsupported + " is not supported; use tools and text.");
      }
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (Body message : body.objects("messages")) {
      messages.add(message(message));
    }
    if (messages.isEmpty()) {
      throw Refusals.badRequest("messages is missing or empty (expected: at least one).");
    }
    ToolSelection selection = ToolSelection.of(body, tools(body));
    if (selection.choice() instanceof ToolChoice.Required && selection.tools().isEmpty()) {
      throw body.wrong("tool_choice", "auto or none where there are no tools");
    }
    return GenerateRequest.builder()
        .messages(messages)
        .tools(selection.tools())
        .toolChoice(selection.choice())
        .format(format(body))
        .sampling(sampling(body, logprobs(body)))
        .conversationId(body.text("prompt_cache_key"))
        .cloudOptions(options(body, body.text("reasoning_effort"), false));
  }

  /**
   * OpenAI's efforts in Claude's words: {@code none} is no thinking at all, {@code minimal} the
   * least that Claude has.
   *
   * @param shown whether the client wants to see what Claude thinks
   */
  static CloudOptions options(Body body, @Nullable String effort, boolean shown) {
    String wanted =
        switch (effort) {
          case "minimal" -> "low";
          case "none" -> null;
          case "low", "medium", "high", "xhigh", "max" -> effort;
          case null -> null;
          default ->
              throw Refusals.badRequest(
                  "The reasoning effort is "
                      + Replies.ascii(effort)
                      + " (expected: none, minimal, low, medium, high or xhigh).");
        };
    String thinking =
        "none".equals(effort)
            ? "{\"type\":\"disabled\"}"
            : shown ? "{\"type\":\"adaptive\",\"display\":\"summarized\"}" : null;
    Boolean parallel =
        body.has("parallel_tool_calls") ? body.flag("parallel_tool_calls", true) : null;
    return CloudOptions.builder()
        .thinking(thinking)
        .effort(wanted)
        .parallelToolCalls(parallel)
        .build();
  }

  static int copies(Body body) {
    Integer n = body.integer("n");
    if (n != null && (n < 1 || n > MOST_COPIES)) {
      throw body.wrong("n", "1 to " + MOST_COPIES);
    }
    return n == null ? 1 : n;
  }

  /** The sampling fields that chat completions, completions and llama.cpp's server share. */
  static Sampling sampling(Body body, @Nullable Integer logprobs) {
    return checked(
        Sampling.builder()
            .temperature(body.number("temperature"))
            .topP(body.number("top_p"))
            .topK(unlessNone(body.integer("top_k"), 0))
            .minP(body.number("min_p"))
            .typicalP(body.number("typical_p"))
            .repeatPenalty(body.number("repeat_penalty"))
            .presencePenalty(body.number("presence_penalty"))
            .frequencyPenalty(body.number("frequency_penalty"))
            .seed(body.longInteger("seed"))
            .maxTokens(bound(body))
            .stop(stops(body, "stop"))
            .logitBias(logitBias(body))
            .logprobs(logprobs));
  }

  private static @Nullable Integer bound(Body body) {
    Integer most = body.integer("max_completion_tokens");
    return unlessNone(most == null ? body.integer("max_tokens") : most, null);
  }

  /**
   * -1 is no bound to LM Studio, llama.cpp's server and vLLM, whose clients come here too (<a
   * href="https://github.com/ggml-org/llama.cpp/tree/master/tools/server">llama.cpp's server</a>:
   * {@code n_predict}, {@code top_k}).
   */
  static @Nullable Integer unlessNone(@Nullable Integer value, @Nullable Integer none) {
    return value != null && value == -1 ? none : value;
  }

  /** The texts that end an answer; an empty one ends nothing, and is what some clients send. */
  static List<String> stops(Body body, String field) {
    return body.texts(field).stream().filter(text -> !text.isEmpty()).toList();
  }

  /** Builds within OpenAI's ranges, and turns a value beyond them into a bad request. */
  static Sampling checked(Sampling.Builder sampling) {
    Sampling built = built(sampling);
    requireWithin("temperature", built.temperature(), 0, 2);
    requireWithin("presence_penalty", built.presencePenalty(), -2, 2);
    requireWithin("frequency_penalty", built.frequencyPenalty(), -2, 2);
    return built;
  }

  private static void requireWithin(String name, @Nullable Double value, double low, double high) {
    if (value != null && (value < low || value > high)) {
      throw Refusals.badRequest(name + ": " + value + " (expected: " + low + " to " + high + ").");
    }
  }

  /** Builds, and turns a value out of range into a bad request. */
  static Sampling built(Sampling.Builder sampling) {
    try {
      return sampling.build();
    } catch (IllegalArgumentException e) {
      throw Refusals.badRequest(e.getMessage() + ".");
    }
  }

  /** How many likely tokens are to be told beside each that came; null where none is asked for. */
  static @Nullable Integer logprobs(Body body) {
    if (!body.flag("logprobs", false)) {
      return null;
    }
    Integer top = body.integer("top_logprobs");
    if (top != null && (top < 0 || top > 20)) {
      throw body.wrong("top_logprobs", "0 to 20");
    }
    return top == null ? 0 : top;
  }

  private static Map<Integer, Double> logitBias(Body body) {
    Body bias = body.object("logit_bias");
    if (bias == null) {
      return Map.of();
    }
    Map<Integer, Double> byToken = new LinkedHashMap<>();
    for (String token : (Iterable<String>) () -> bias.node().fieldNames()) {
      Double value = bias.number(token);
      if (value == null || !token.matches("[0-9]{1,9}")) {
        throw body.wrong("logit_bias", "token ids with numbers");
      }
      byToken.put(Integer.valueOf(token), value);
    }
    return byToken;
  }

  private static ChatMessage message(Body message) {
    String role = message.requiredText("role");
    return switch (role) {
      case "system", "developer" -> ChatMessage.system(content(message));
      case "user" -> ChatMessage.user(content(message)).withParts(parts(message, "content"));
      case "assistant" ->
          ChatMessage.builder(Role.ASSISTANT, content(message))
              .toolCalls(toolCalls(message))
              .reasoning(message.text("reasoning_content"))
              .build();
      case "tool" ->
          ChatMessage.toolResult(message.requiredText("tool_call_id"), content(message))
              .withParts(parts(message, "content"));
      default -> throw message.wrong("role", "system, developer, user, assistant or tool");
    };
  }

  /** Text as a string or as parts, in which a user and a tool may show images. */
  static String content(Body message) {
    JsonNode content = message.raw("content");
    if (content == null) {
      return "";
    }
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (Body part : message.parts("content")) {
      if (!isImage(part)) {
        text.append(part(part));
      }
    }
    return text.toString();
  }

  /** The parts of a field in their order, where images are among them; else none. */
  static List<Part> parts(Body holder, String field) {
    if (!(holder.raw(field) instanceof ArrayNode)) {
      return List.of();
    }
    List<Body> parts = holder.parts(field);
    return parts.stream().noneMatch(OpenAiPrompt::isImage)
        ? List.of()
        : parts.stream().map(OpenAiPrompt::textOrImage).toList();
  }

  private static Part textOrImage(Body part) {
    return isImage(part) ? new Part.Shown(Images.part(part)) : new Part.Text(part(part));
  }

  static boolean isImage(Body part) {
    String type = part.text("type", "text");
    return type.equals("image_url") || type.equals("input_image");
  }

  /** The text of a part; a part without a kind is one of text. */
  static String part(Body part) {
    return switch (part.text("type", "text")) {
      case "text", "input_text", "output_text" -> part.requiredText("text");
      case "refusal" -> part.requiredText("refusal");
      default -> throw part.wrong("type", "text or an image; no model here reads anything else");
    };
  }

  private static List<ToolCall> toolCalls(Body message) {
    List<ToolCall> calls = new ArrayList<>();
    for (Body call : message.objects("tool_calls")) {
      Body function = call.object("function");
      if (function == null) {
        throw call.wrong("function", "an object");
      }
      calls.add(
          new ToolCall(
              call.requiredText("id"),
              function.requiredText("name"),
              function.text("arguments", "{}")));
    }
    return calls;
  }

  private static List<Tool> tools(Body body) {
    List<Tool> tools = new ArrayList<>();
    for (Body tool : body.objects("tools")) {
      Body function = tool.object("function");
      if (!tool.text("type", "function").equals("function") || function == null) {
        throw tool.wrong("type", "function");
      }
      tools.add(tool(function));
    }
    return tools;
  }

  /**
   * OpenAI takes 64 letters, digits, underscores and hyphens, Anthropic 128; names of MCP servers
   * have dots, slashes and colons too.
   */
  static String toolName(Body tool) {
    if (!isToolName(tool.requiredText("name"))) {
      throw tool.wrong("name", TOOL_NAMES);
    }
    return tool.requiredText("name");
  }

  static boolean isToolName(String name) {
    return TOOL_NAME.matcher(name).matches();
  }

  static Tool tool(Body function) {
    Body parameters = function.object("parameters");
    return Tool.builder(
            toolName(function),
            parameters == null
                ? "{\"type\":\"object\",\"properties\":{}}"
                : Json.write(parameters.node()))
        .description(function.text("description"))
        .strict(function.has("strict") ? function.flag("strict", false) : null)
        .build();
  }

  /** As OpenAI writes it, or in the fields of llama.cpp and vLLM. */
  static ResponseFormat format(Body body) {
    ResponseFormat guided = GuidedForms.of(body);
    if (guided != null) {
      return guided;
    }
    String grammar = body.text("grammar");
    if (grammar != null) {
      return new ResponseFormat.Grammar(grammar);
    }
    Body bare = body.object("json_schema");
    if (bare != null) {
      return schema(bare);
    }
    Body format = body.object("response_format");
    if (format == null) {
      return ResponseFormat.TEXT;
    }
    Body wrapped = format.object("json_schema");
    return format(format, wrapped == null ? format : wrapped);
  }

  private static ResponseFormat schema(Body schema) {
    return new ResponseFormat.JsonSchema(Json.write(schema.node()));
  }

  /**
   * @param format holds {@code type}
   * @param holder holds {@code schema}
   */
  static ResponseFormat format(Body format, @Nullable Body holder) {
    return switch (format.requiredText("type")) {
      case "text" -> ResponseFormat.TEXT;
      case "json_object" -> {
        // llama.cpp's server and llama-cpp-python take a schema with it.
        Body schema = format.object("schema");
        yield schema == null ? ResponseFormat.JSON_OBJECT : schema(schema);
      }
      case "json_schema" -> {
        Body schema = holder == null ? null : holder.object("schema");
        if (schema == null) {
          throw Refusals.badRequest("json_schema.schema is missing (expected: a JSON schema).");
        }
        yield schema(schema);
      }
      default -> throw format.wrong("type", "text, json_object or json_schema");
    };
  }
}
