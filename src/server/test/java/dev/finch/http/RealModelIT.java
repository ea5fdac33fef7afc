package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.remote.RemoteFinch;
import dev.finch.streams.FinchSources;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dialect over the real runtime with the built-in model, by the clients people have. */
final class RealModelIT {

  private static final String QUESTION = "What is the capital of France?";
  private static final String ANSWER = "The capital of France is Paris.";

  private static RealServer server;

  @BeforeAll
  static void start() throws IOException {
    server = RealServer.builtin();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersOpenAisClientWholeAndStreamed() {
    var client = OpenAIOkHttpClient.builder().baseUrl(server.url() + "/v1").apiKey("any").build();
    var params =
        ChatCompletionCreateParams.builder()
            .model("builtin")
            .temperature(0)
            .addUserMessage(QUESTION)
            .build();
    ChatCompletionAccumulator streamed = ChatCompletionAccumulator.create();
    try (var chunks = client.chat().completions().createStreaming(params)) {
      chunks.stream().forEach(streamed::accumulate);
    }
    var whole = client.chat().completions().create(params);

    assertEquals(ANSWER, whole.choices().getFirst().message().content().orElseThrow());
    assertEquals(
        ANSWER, streamed.chatCompletion().choices().getFirst().message().content().orElseThrow());
    assertTrue(whole.usage().orElseThrow().promptTokens() > 0);
  }

  @Test
  void answersAnthropicsClientAndCountsExactly() {
    var client = AnthropicOkHttpClient.builder().baseUrl(server.url()).apiKey("any").build();
    var params =
        MessageCreateParams.builder()
            .model("builtin")
            .maxTokens(32)
            .addUserMessage(QUESTION)
            .build();
    MessageAccumulator streamed = MessageAccumulator.create();
    try (var events = client.messages().createStreaming(params)) {
      events.stream().forEach(streamed::accumulate);
    }
    long counted =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder()
                    .model("builtin")
                    .addUserMessage(QUESTION)
                    .build())
            .inputTokens();
    var usage = streamed.message().usage();

    assertEquals(counted, usage.inputTokens() + usage.cacheReadInputTokens().orElse(0L));
    assertTrue(usage.outputTokens() > 0);
  }

  static Stream<ChatModel> chatModels() {
    return Stream.of(
        OpenAiChatModel.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey("any")
            .modelName("builtin")
            .temperature(0.0)
            .build(),
        AnthropicChatModel.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey("any")
            .modelName("builtin")
            .temperature(0.0)
            .build(),
        OllamaChatModel.builder()
            .baseUrl(server.url())
            .modelName("builtin")
            .temperature(0.0)
            .build());
  }

  @ParameterizedTest
  @MethodSource("chatModels")
  void answersLangChain4j(ChatModel model) {
    assertEquals(ANSWER, model.chat(QUESTION));
  }

  @Test
  void embedsForLangChain4jsOllamaModule() {
    var model = OllamaEmbeddingModel.builder().baseUrl(server.url()).modelName("builtin").build();

    assertTrue(model.embed(QUESTION).content().vector().length > 1);
  }

  @Test
  void keepsToAJsonSchema() throws Exception {
    String body =
        """
        {"model":"builtin","temperature":0,"max_tokens":200,
         "messages":[{"role":"user","content":"What is the capital of France?"}],
         "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":
           {"type":"object","properties":{"ok":{"type":"boolean"}},
            "required":["ok"],"additionalProperties":false}}}}
        """;
    HttpResponse<String> response = server.post("/v1/chat/completions", body);
    String text = Json.read(response.body()).at("/choices/0/message/content").asText();

    assertEquals(200, response.statusCode(), response.body());
    assertTrue(Json.read(text).get("ok").isBoolean(), text);
    assertEquals("local", response.headers().firstValue("X-Finch-Served-By").orElseThrow());
  }

  /** The shape, headers included, that Claude Code 2.1.197 was seen to send with {@code --bare}. */
  @Test
  void answersClaudeCodeAndKeepsItsPrefix() throws Exception {
    String body =
        """
        {"model":"claude-sonnet-5-5","max_tokens":32000,"stream":true,
         "thinking":{"type":"adaptive"},"output_config":{"effort":"high"},
         "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},
         "metadata":{"user_id":"{\\"device_id\\":\\"d\\",\\"session_id\\":\\"s\\"}"},
         "system":[
           {"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.197.%s;"},
           {"type":"text","text":"You are helpful.","cache_control":{"type":"ephemeral"}}],
         "messages":[
           {"role":"user","content":[
             {"type":"text","text":"What is the capital of France?",
              "cache_control":{"type":"ephemeral"}}]},
           {"role":"system","content":"Answer briefly."}]}
        """;
    String[] headers = {
      "x-api-key", "any",
      "anthropic-version", "2023-06-01",
      "anthropic-beta", "claude-code-20250219,interleaved-thinking-2025-05-14",
      "anthropic-dangerous-direct-browser-access", "true"
    };
    String path = "/v1/messages?beta=true";
    String first = server.post(path, body.formatted("73f"), headers).body();
    String second = server.post(path, body.formatted("a01"), headers).body();

    assertTrue(first.contains("event: message_stop"), first);
    assertFalse(first.contains("event: error"), first);
    long input = number(second, "input_tokens");
    long cached = number(second, "cache_read_input_tokens");
    assertTrue(cached > 10 && input <= 1, input + " new and " + cached + " cached tokens");
  }

  /** The last number of this name, which is the one in {@code message_delta}. */
  private static long number(String stream, String name) {
    String after = stream.substring(stream.lastIndexOf("\"" + name + "\":") + name.length() + 3);
    return Long.parseLong(after.split("[,}]", 2)[0]);
  }

  @Test
  void measuresHowFullTheKvCacheIs() throws Exception {
    server.post("/v1/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    Await.until(() -> gauge("finch_kv_cache_tokens") > 5);

    assertTrue(gauge("finch_kv_cache_tokens") < gauge("finch_kv_cache_capacity_tokens"));
  }

  private static double gauge(String name) {
    try {
      return server
          .get("/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
          .findFirst()
          .orElseThrow();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void saysWhyAModelCannotBeHad() throws Exception {
    String nope = "{\"model\":\"nope\",\"action\":\"load\"}";
    List<String> pulled = server.lines("/api/pull", nope);
    List<String> loaded = server.lines("/v1/finch/model", nope);

    assertTrue(
        pulled.getLast().startsWith("{\"error\":"), "ends in order, as Ollama does: " + pulled);
    assertTrue(loaded.getLast().contains("nope"), "ends in order: " + loaded);
  }

  @Test
  void answersOneLongPromptAfterAnotherThoughTheCacheIsFullOfThem() throws Exception {
    Random random = new Random(7);
    List<String> words = List.of("the", "of", "and", "a", "to", "in", "is", "you", "that", "it");
    for (int i = 0; i < 30; i++) {
      String prompt =
          random
              .ints(500 + random.nextInt(150), 0, words.size())
              .mapToObj(words::get)
              .collect(Collectors.joining(" "));
      String body = "{\"model\":\"local\",\"max_tokens\":4,\"prompt\":\"" + prompt + "\"}";
      var response = server.post("/v1/completions", body);
      assertEquals(200, response.statusCode(), i + ": " + response.body());
    }
  }

  @Test
  void knowsTheServingModelByEveryNameItTells() throws Exception {
    String body =
        """
        {"model":"builtin","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}
        """;
    String told = Json.read(server.post("/v1/chat/completions", body).body()).get("model").asText();
    String again = body.replace("builtin", told);

    assertEquals(200, server.post("/v1/chat/completions", again).statusCode());
    assertTrue(server.get("/v1/models").body().contains("\"builtin\""));
    assertTrue(server.get("/api/tags").body().contains("\"builtin:latest\""));
    String tagged = body.replace("builtin", "builtin:latest");
    assertEquals(200, server.post("/api/chat", tagged).statusCode());
  }

  @Test
  void givesARemoteTheSameEventsAsALocalOne() {
    GenerateRequest request =
        GenerateRequest.builder()
            .user(QUESTION)
            .sampling(Sampling.builder().temperature(0.0).build())
            .build();
    try (RemoteFinch remote = RemoteFinch.connect(URI.create(server.url()))) {
      Answer there = remote.askAsync(request).toCompletableFuture().join();
      List<AnswerEvent> events =
          FinchSources.stream(remote, request)
              .runWith(Sink.seq(), server.finch.system())
              .toCompletableFuture()
              .join();

      assertEquals(ANSWER, there.text());
      assertEquals(server.finch.state(), remote.state());
      assertTrue(events.getLast() instanceof AnswerEvent.Finished, events.toString());
    }
  }

  /** A function whose parameters say nothing of their type; its arguments are an object. */
  static Stream<Arguments> functionsWithoutParameters() {
    return Stream.of("", ",\"parameters\":{}", ",\"parameters\":{\"description\":\"x\"}")
        .map(
            parameters ->
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\""
                    + parameters
                    + "}}],\"messages\":[{\"role\":\"user\",\"content\":\""
                    + QUESTION
                    + "\"}],\"tool_choice\":")
        .flatMap(
            body ->
                Stream.of("\"required\"", "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}")
                    .map(
                        choice -> Arguments.of("{\"model\":\"auto\",\"seed\":1," + body + choice)));
  }

  @ParameterizedTest
  @MethodSource("functionsWithoutParameters")
  void aFunctionWithoutParametersIsCalledWithAnObject(String body) throws Exception {
    HttpResponse<String> response =
        server.post("/v1/chat/completions", body + ",\"parallel_tool_calls\":false}");
    JsonNode choice = Json.read(response.body()).path("choices").path(0);
    assertEquals("tool_calls", choice.path("finish_reason").asText(), response::body);
    assertTrue(choice.path("message").path("content").isNull(), response::body);
    assertEquals(1, choice.path("message").path("tool_calls").size());
    String arguments =
        choice
            .path("message")
            .path("tool_calls")
            .path(0)
            .path("function")
            .path("arguments")
            .asText();
    assertTrue(Json.read(arguments).isObject(), arguments);
  }

  @Test
  void anthropicsToolWithoutASchemaIsCalledOnceWithAnObject() throws Exception {
    HttpResponse<String> response =
        server.post(
            "/v1/messages",
            "{\"model\":\"auto\",\"temperature\":0,\"max_tokens\":200,\"tools\":[{\"name\":\"f\",\"input_schema\":{}}],"
                + "\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\""
                + QUESTION
                + "\"}]}");
    JsonNode message = Json.read(response.body());
    assertEquals("tool_use", message.path("stop_reason").asText(), response::body);
    assertEquals(1, message.path("content").size(), response::body);
    assertTrue(message.path("content").path(0).path("input").isObject(), response::body);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersFourHundredPromptsOfOneRequest(boolean stream) throws Exception {
    ObjectNode body = Json.object().put("model", "local").put("max_tokens", 1);
    body.put("stream", stream);
    for (int i = 0; i < 400; i++) {
      body.withArray("prompt").add("Number " + i);
    }
    HttpResponse<String> response = server.post("/v1/completions", Json.write(body));

    assertEquals(200, response.statusCode(), response.body());
    assertEquals(400, response.body().split("\"finish_reason\":\"", -1).length - 1);
    assertTrue(response.body().contains("\"index\":399"));
  }

  @Test
  void refusesMorePromptsThanOneRequestMayHave() throws Exception {
    ObjectNode body = Json.object().put("model", "local").put("max_tokens", 1).put("n", 8);
    for (int i = 0; i < 400; i++) {
      body.withArray("prompt").add("x");
    }
    HttpResponse<String> response = server.post("/v1/completions", Json.write(body));

    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains("3200 answers (expected: 1 to 2048"), response.body());
  }

  @Test
  void aGrammarBeyondTheVocabularyIsTheClientsFault() throws Exception {
    ObjectNode body = Json.object().put("model", "local").put("max_tokens", 4);
    body.putArray("messages").addObject().put("role", "user").put("content", "x");
    body.put("grammar", "root ::= \"\\x00\"");
    HttpResponse<String> response = server.post("/v1/chat/completions", Json.write(body));

    assertEquals(400, response.statusCode(), response.body());
    assertTrue(response.body().contains("allows none of the model's tokens"), response.body());
  }

  @Test
  void ofTwoCallsOnlyTheFirstComesOutWhereOneIsWanted() throws Exception {
    String both = server.post("/v1/chat/completions", twoCalls(true)).body();
    String one = server.post("/v1/chat/completions", twoCalls(false)).body();
    assertEquals(2, both.split("\"name\":\"f\"", -1).length - 1, both);
    assertEquals(1, one.split("\"name\":\"f\"", -1).length - 1, one);
    assertTrue(one.contains("\"finish_reason\":\"tool_calls\""), one);
  }

  /** The model is made to say two calls. */
  private static String twoCalls(boolean parallel) {
    String call = "<tool_call>{\\\"name\\\": \\\"f\\\"}</tool_call>";
    ObjectNode body =
        Json.object()
            .put("model", "auto")
            .put("stream", true)
            .put("parallel_tool_calls", parallel)
            .put("grammar", "root ::= \"" + call + call + "\"");
    body.putArray("messages").addObject().put("role", "user").put("content", "x");
    body.putArray("tools").addObject().putObject("function").put("name", "f");
    return Json.write(body);
  }
}
