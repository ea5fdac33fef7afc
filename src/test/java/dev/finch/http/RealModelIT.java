package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelReference;
import dev.finch.remote.RemoteFinch;
import dev.finch.runtime.LocalFinch;
import dev.langchain4j.model.ollama.OllamaChatModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every dialect over the real runtime with the built-in model, by the clients people have. */
final class RealModelIT {

  private static final String QUESTION = "What is the capital of France?";
  private static final String ANSWER = "The capital of France is Paris.";

  private static ActorTestKit kit;
  private static LocalFinch finch;
  private static HttpFrontEnd frontEnd;

  @BeforeAll
  static void start() throws IOException {
    Path directory = Files.createTempDirectory("finch-http");
    Config config =
        ConfigFactory.parseMap(
            Map.of(
                "finch.model",
                "builtin",
                "finch.cloud.enabled",
                "off",
                "finch.directories.state",
                directory.resolve("state").toString(),
                "finch.directories.cache",
                directory.resolve("cache").toString()));
    kit = ActorTestKit.create();
    finch = LocalFinch.start(config);
    frontEnd =
        HttpFrontEnd.start(kit.system(), finch, Server.settings("")).toCompletableFuture().join();
    finch
        .load(ModelReference.BUILT_IN)
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }

  @AfterAll
  static void stop() {
    frontEnd.stop().toCompletableFuture().join();
    finch.close();
    kit.shutdownTestKit();
  }

  @Test
  void answersOpenAisClientWholeAndStreamed() {
    var client = OpenAIOkHttpClient.builder().baseUrl(frontEnd.url() + "/v1").apiKey("any").build();
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
    var client = AnthropicOkHttpClient.builder().baseUrl(frontEnd.url()).apiKey("any").build();
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

  @Test
  void answersAnOllamaClient() {
    var model =
        OllamaChatModel.builder()
            .baseUrl(frontEnd.url())
            .modelName("builtin")
            .temperature(0.0)
            .build();

    assertEquals(ANSWER, model.chat(QUESTION));
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
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(frontEnd.url() + "/v1/chat/completions"))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .timeout(Duration.ofSeconds(60))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      String text = Json.read(response.body()).at("/choices/0/message/content").asText();

      assertEquals(200, response.statusCode(), response.body());
      assertTrue(Json.read(text).get("ok").isBoolean(), text);
      assertEquals("local", response.headers().firstValue("X-Finch-Served-By").orElseThrow());
    }
  }

  @Test
  void givesARemoteTheSameEventsAsALocalOne() {
    GenerateRequest request =
        GenerateRequest.builder()
            .user(QUESTION)
            .sampling(Sampling.builder().temperature(0.0).build())
            .build();
    try (RemoteFinch remote = RemoteFinch.connect(URI.create(frontEnd.url()))) {
      Answer there = remote.ask(request).toCompletableFuture().join();
      List<AnswerEvent> events =
          remote.stream(request).runWith(Sink.seq(), kit.system()).toCompletableFuture().join();

      assertEquals(ANSWER, there.text());
      assertEquals(finch.state(), remote.state());
      assertTrue(events.getLast() instanceof AnswerEvent.Finished, events.toString());
    }
  }
}
