package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.CloudOptions;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Image;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import dev.finch.inference.Tool;
import dev.finch.inference.ToolChoice;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Renders requests of the Messages API. */
final class MessagesRequest {

  private static final String JSON_ONLY =
      "Answer with exactly one JSON object and nothing else: no prose, no code fence.";

  /** What Claude adds around a prompt, and for tools or a schema, at most. */
  private static final int TOKENS_OF_FRAME = 64;

  private static final int TOKENS_OF_TOOLS = 1024;

  /** The most that an image can count, with room (docs.claude.com, "Vision"). */
  private static final long TOKENS_OF_IMAGE = 8_192;

  /** What of {@link CloudOptions#fields} belongs to the prompt, and what to its answer. */
  private static final List<String> PROMPT = List.of("cache_control", "context_management");

  private static final List<String> ANSWERED = List.of("service_tier", "inference_geo");

  private static final String LOCAL_ONLY_HINT = "Wait for the local model, or ask without it.";

  private MessagesRequest() {}

  /**
   * Why this request can never go to Claude, or null where it can. The router keeps private prompts
   * away; this is the last gate before the network.
   */
  static @Nullable Failure refusal(GenerateRequest request) {
    if (request.effectivePrivacy() == Privacy.LOCAL_ONLY) {
      return Failure.permanent(
          FailureCode.CLOUD_DISABLED,
          "This prompt is for the local model only and was not sent to Claude.",
          "Wait for the local model.");
    }
    if (request.prompt() instanceof Prompt.Raw) {
      return localOnly("Raw prompts without a chat template");
    }
    if (request.format() instanceof ResponseFormat.Grammar) {
      return localOnly("GBNF grammars");
    }
    if (request.sampling().stop().stream().anyMatch(String::isBlank)) {
      return localOnly("Stop texts of blanks only");
    }
    return null;
  }

  /**
   * The request for a streamed answer.
   *
   * @throws FinchException where the request cannot be said in this API
   */
  static ApiRequest streamed(
      GenerateRequest request,
      String model,
      ApiVersion version,
      int maxTokens,
      long cacheFromBytes,
      ThinkingTurns memory) {
    ObjectNode body = common(request, model, memory);
    body.put("max_tokens", maxTokens).put("stream", true);
    addMetadata(body, request.cloudOptions());
    copyFields(body, request.cloudOptions(), ANSWERED);
    CloudSampling.add(body, request.sampling(), model, version, thinks(body));
    if (!request.sampling().stop().isEmpty()) {
      request.sampling().stop().forEach(body.putArray("stop_sequences")::add);
    }
    byte[] bytes = ClaudeJson.bytes(body);
    List<JsonNode> breakpoints = body.findValues("cache_control");
    if (cacheFromBytes != 0 && bytes.length >= cacheFromBytes && breakpoints.isEmpty()) {
      body.putObject("cache_control").put("type", "ephemeral");
      bytes = ClaudeJson.bytes(body);
    }
    return new ApiRequest(
        model,
        ByteString.fromArrayUnsafe(bytes),
        request.cloudOptions().betas(),
        mostTokens(body, bytes.length - imageBytes(request)) + images(request) * TOKENS_OF_IMAGE,
        maxTokens,
        breakpoints.stream().anyMatch(MessagesRequest::keptForLong));
  }

  /** Five minutes cost less than the hour that can be asked for. */
  private static boolean keptForLong(JsonNode cacheControl) {
    return cacheControl.has("ttl") && !cacheControl.path("ttl").asText().equals("5m");
  }

  private static boolean thinks(ObjectNode body) {
    JsonNode thinking = body.path("thinking");
    return thinking.isObject() && !thinking.path("type").asText().equals("disabled");
  }

  /** Those of the request's further fields that have these names. */
  private static void copyFields(ObjectNode body, CloudOptions options, List<String> names) {
    if (options.fields() == null) {
      return;
    }
    ObjectNode fields = object(options.fields(), "fields");
    for (String name : names) {
      if (fields.has(name)) {
        body.set(name, fields.get(name));
      }
    }
  }

  private static void addMetadata(ObjectNode body, CloudOptions options) {
    if (options.metadata() != null) {
      body.set("metadata", object(options.metadata(), "metadata"));
    }
  }

  private static long images(GenerateRequest request) {
    return shown(request).count();
  }

  /** What of the body is images, which are counted by their size on a screen. */
  private static long imageBytes(GenerateRequest request) {
    return shown(request)
        .mapToLong(image -> image.base64() == null ? 0 : image.base64().length())
        .sum();
  }

  private static Stream<Image> shown(GenerateRequest request) {
    return request.prompt() instanceof Prompt.Conversation conversation
        ? conversation.messages().stream().flatMap(message -> message.images().stream())
        : Stream.empty();
  }

  /**
   * What the prompt can be counted as, at most: a token covers at least one byte of what is sent.
   */
  private static long mostTokens(ObjectNode body, long bytes) {
    boolean more = body.has("tools") || body.has("output_config");
    return bytes + TOKENS_OF_FRAME + (more ? TOKENS_OF_TOOLS : 0);
  }

  /**
   * The body of a token count.
   *
   * @throws FinchException where the request cannot be said in this API
   */
  static byte[] counted(GenerateRequest request, String model, ThinkingTurns memory) {
    return ClaudeJson.bytes(common(request, model, memory));
  }

  /** What overflows the stack here, were it ever so deep, is this request's failure. */
  private static ObjectNode common(GenerateRequest request, String model, ThinkingTurns memory) {
    try {
      return rendered(request, model, memory);
    } catch (StackOverflowError e) {
      throw badRequest("The request is nested more deeply than can be said to Claude.");
    }
  }

  private static ObjectNode rendered(GenerateRequest request, String model, ThinkingTurns memory) {
    if (!(request.prompt() instanceof Prompt.Conversation conversation)) {
      throw new FinchException(localOnly("Raw prompts without a chat template"));
    }
    NormalizedConversation normalized = NormalizedConversation.of(conversation.messages(), memory);
    ArrayNode messages = normalized.messages();
    if (messages.isEmpty()) {
      throw badRequest("The conversation has no text for Claude to answer.");
    }
    ObjectNode body = ClaudeJson.object().put("model", model);
    addSystem(body, normalized, request.format());
    body.set("messages", messages);
    addTools(body, request, normalized);
    addOptions(body, request.cloudOptions());
    copyFields(body, request.cloudOptions(), PROMPT);
    if (request.format() instanceof ResponseFormat.JsonSchema format) {
      ObjectNode form = body.withObject("/output_config").putObject("format");
      form.put("type", "json_schema").set("schema", Schemas.adapted(schema(format.schema())));
    }
    return body;
  }

  private static void addOptions(ObjectNode body, CloudOptions options) {
    if (options.thinking() != null) {
      body.set("thinking", object(options.thinking(), "thinking"));
    }
    if (options.effort() != null) {
      body.withObject("/output_config").put("effort", options.effort());
    }
  }

  private static void addSystem(
      ObjectNode body, NormalizedConversation normalized, ResponseFormat format) {
    JsonNode system =
        normalized.system(format instanceof ResponseFormat.JsonObject ? JSON_ONLY : null);
    if (system != null) {
      body.set("system", system);
    }
  }

  private static void addTools(
      ObjectNode body, GenerateRequest request, NormalizedConversation normalized) {
    for (Tool tool : request.tools()) {
      ObjectNode node = body.withArray("tools").addObject().put("name", tool.name());
      if (tool.description() != null) {
        node.put("description", tool.description());
      }
      ObjectNode parameters = schema(tool.parameters());
      boolean strict = Boolean.TRUE.equals(tool.strict());
      node.set("input_schema", strict ? Schemas.adapted(parameters) : parameters);
      if (strict) {
        node.put("strict", true);
      }
      if (tool.cacheControl() != null) {
        node.set("cache_control", object(tool.cacheControl(), "cache_control"));
      }
    }
    if (request.tools().isEmpty()) {
      declarePastTools(body, normalized);
    } else {
      addChoice(body, request.toolChoice());
      forbidParallelCalls(body, request);
    }
  }

  /** One call at a time, where that was asked for and a tool may be called. */
  private static void forbidParallelCalls(ObjectNode body, GenerateRequest request) {
    boolean one = Boolean.FALSE.equals(request.cloudOptions().parallelToolCalls());
    if (one && !(request.toolChoice() instanceof ToolChoice.None)) {
      ObjectNode choice = body.withObject("/tool_choice");
      if (!choice.has("type")) {
        choice.put("type", "auto");
      }
      choice.put("disable_parallel_tool_use", true);
    }
  }

  /** Claude refuses a history with tool calls where no tools are declared. */
  private static void declarePastTools(ObjectNode body, NormalizedConversation normalized) {
    for (String name : normalized.toolNames()) {
      ObjectNode node = body.withArray("tools").addObject().put("name", name);
      node.putObject("input_schema").put("type", "object");
    }
    if (!normalized.toolNames().isEmpty()) {
      addChoice(body, ToolChoice.NONE);
    }
  }

  private static void addChoice(ObjectNode body, ToolChoice choice) {
    switch (choice) {
      case ToolChoice.Auto _ -> {}
      case ToolChoice.None _ -> body.putObject("tool_choice").put("type", "none");
      case ToolChoice.Required _ -> body.putObject("tool_choice").put("type", "any");
      case ToolChoice.Named named ->
          body.putObject("tool_choice").put("type", "tool").put("name", named.name());
    }
  }

  private static ObjectNode schema(String text) {
    return object(text, "A JSON schema");
  }

  private static ObjectNode object(String text, String what) {
    if (!(ClaudeJson.parse(text) instanceof ObjectNode object)) {
      throw badRequest(what + " of the request is not a JSON object.");
    }
    return object;
  }

  private static FinchException badRequest(String message) {
    return new FinchException(
        Failure.permanent(FailureCode.BAD_REQUEST, message, "Correct the request."));
  }

  private static Failure localOnly(String what) {
    return Failure.permanent(
        FailureCode.BAD_REQUEST,
        what + " are for local models only; Claude does not take them.",
        LOCAL_ONLY_HINT);
  }
}
