package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.ollama.OllamaModel;
import dev.langchain4j.model.ollama.OllamaModels;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LangChain4j's modules for the three dialects against the front end. */
final class LangChain4jIT {

  private static final Server SERVER = Server.start("");
  private static final String URL = SERVER.frontEnd.url();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.requests.clear();
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
  }

  static Stream<ChatModel> models() {
    return Stream.of(
        OpenAiChatModel.builder()
            .baseUrl(URL + "/v1")
            .apiKey("any")
            .modelName("auto")
            .maxRetries(0)
            .build(),
        AnthropicChatModel.builder()
            .baseUrl(URL + "/v1")
            .apiKey("any")
            .modelName("auto")
            .maxRetries(0)
            .build(),
        OllamaChatModel.builder().baseUrl(URL).modelName("auto").maxRetries(0).build());
  }

  static Stream<StreamingChatModel> streams() {
    return Stream.of(
        OpenAiStreamingChatModel.builder()
            .baseUrl(URL + "/v1")
            .apiKey("any")
            .modelName("auto")
            .build(),
        AnthropicStreamingChatModel.builder()
            .baseUrl(URL + "/v1")
            .apiKey("any")
            .modelName("auto")
            .build(),
        OllamaStreamingChatModel.builder().baseUrl(URL).modelName("auto").build());
  }

  @ParameterizedTest
  @MethodSource("models")
  void answers(ChatModel model) {
    ChatResponse response = model.chat(UserMessage.from("hi"));

    assertEquals("Hello, world.", response.aiMessage().text());
    assertEquals(2, response.tokenUsage().outputTokenCount());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void streams(StreamingChatModel model) throws Exception {
    assertEquals("Hello, world.", streamed(model).get(20, TimeUnit.SECONDS).aiMessage().text());
  }

  @ParameterizedTest
  @MethodSource("models")
  void callsTools(ChatModel model) {
    SERVER.finch.script(_ -> OpenAiClientIT.toolCall());
    ChatResponse response = model.chat(withTool());
    var call = response.aiMessage().toolExecutionRequests().getFirst();

    assertEquals("weather", call.name());
    assertEquals("{\"city\":\"Bern\"}", call.arguments().replaceAll("\\s", ""));
    assertEquals("weather", SERVER.finch.requests.getFirst().tools().getFirst().name());
  }

  @ParameterizedTest
  @MethodSource("streams")
  void raisesAFailureInTheMiddleInsteadOfEndingShort(StreamingChatModel model) {
    Failure lost = Failure.passing(FailureCode.CLAUDE_STREAM_CUT, "It broke.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(lost, "Hel"));

    assertThrows(ExecutionException.class, () -> streamed(model).get(20, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @MethodSource("models")
  void raisesAFailureBeforeTheAnswer(ChatModel model) {
    Failure busy = Failure.passing(FailureCode.BUSY, "All slots are busy.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(busy));

    assertThrows(RuntimeException.class, () -> model.chat("hi"));
  }

  @Test
  void embedsAndListsThroughOllama() {
    var model = OllamaEmbeddingModel.builder().baseUrl(URL).modelName("auto").build();
    var models = OllamaModels.builder().baseUrl(URL).build();

    assertArrayEquals(new float[] {0.6f, 0.8f}, model.embed("hi").content().vector());
    List<String> names =
        models.availableModels().content().stream().map(OllamaModel::getName).toList();
    assertEquals(List.of("auto:latest", "local:latest", "claude:latest", "builtin:latest"), names);
  }

  private static ChatRequest withTool() {
    return ChatRequest.builder()
        .messages(UserMessage.from("hi"))
        .toolSpecifications(
            ToolSpecification.builder()
                .name("weather")
                .parameters(JsonObjectSchema.builder().addStringProperty("city").build())
                .build())
        .build();
  }

  private static CompletableFuture<ChatResponse> streamed(StreamingChatModel model) {
    CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
    model.chat(
        "hi",
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String piece) {}

          @Override
          public void onCompleteResponse(ChatResponse response) {
            whole.complete(response);
          }

          @Override
          public void onError(Throwable error) {
            whole.completeExceptionally(error);
          }
        });
    return whole;
  }
}
