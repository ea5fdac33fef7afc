package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client against the front end. */
final class OpenAiClientIT {

  private static final Server SERVER = Server.start("");
  private static final OpenAIClient CLIENT =
      OpenAIOkHttpClient.builder()
          .baseUrl(SERVER.frontEnd.url() + "/v1")
          .apiKey("any")
          .maxRetries(0)
          .build();

  @AfterAll
  static void stop() {
    CLIENT.close();
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.requests.clear();
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
  }

  @Test
  void answersAChat() {
    ChatCompletion completion = CLIENT.chat().completions().create(chat().build());

    assertEquals(
        "Hello, world.", completion.choices().getFirst().message().content().orElseThrow());
    assertEquals(9, completion.usage().orElseThrow().totalTokens());
  }

  @Test
  void streamsAChat() {
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        CLIENT.chat().completions().createStreaming(chat().build())) {
      chunks.stream().forEach(whole::accumulate);
    }
    String text = whole.chatCompletion().choices().getFirst().message().content().orElseThrow();
    assertEquals("Hello, world.", text);
  }

  @Test
  void callsTools() {
    SERVER.finch.script(_ -> toolCall());
    FunctionDefinition weather =
        FunctionDefinition.builder()
            .name("weather")
            .parameters(
                FunctionParameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .build())
            .build();
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        CLIENT.chat().completions().createStreaming(chat().addFunctionTool(weather).build())) {
      chunks.stream().forEach(whole::accumulate);
    }
    var call =
        whole
            .chatCompletion()
            .choices()
            .getFirst()
            .message()
            .toolCalls()
            .orElseThrow()
            .getFirst()
            .asFunction();

    assertEquals("weather", call.function().name());
    assertEquals("{\"city\":\"Bern\"}", call.function().arguments());
    assertEquals("weather", SERVER.finch.requests.getFirst().tools().getFirst().name());
  }

  @Test
  void asksForAJsonSchema() {
    ResponseFormatJsonSchema format =
        ResponseFormatJsonSchema.builder()
            .jsonSchema(
                ResponseFormatJsonSchema.JsonSchema.builder()
                    .name("city")
                    .schema(
                        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                            .putAdditionalProperty("type", JsonValue.from("object"))
                            .build())
                    .build())
            .build();
    CLIENT.chat().completions().create(chat().responseFormat(format).build());

    GenerateRequest request = SERVER.finch.requests.getFirst();
    assertEquals(new ResponseFormat.JsonSchema("{\"type\":\"object\"}"), request.format());
  }

  @Test
  void answersAndStreamsResponses() {
    ResponseCreateParams params =
        ResponseCreateParams.builder().model("auto").input("hi").instructions("be brief").build();
    String text =
        CLIENT
            .responses()
            .create(params)
            .output()
            .getFirst()
            .asMessage()
            .content()
            .getFirst()
            .asOutputText()
            .text();
    ResponseAccumulator whole = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events = CLIENT.responses().createStreaming(params)) {
      events.stream().forEach(whole::accumulate);
    }

    assertEquals("Hello, world.", text);
    assertEquals(
        "Hello, world.",
        whole
            .response()
            .output()
            .getFirst()
            .asMessage()
            .content()
            .getFirst()
            .asOutputText()
            .text());
  }

  @Test
  void streamsToolCallsOfResponses() {
    SERVER.finch.script(_ -> toolCall());
    ResponseAccumulator whole = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> events =
        CLIENT
            .responses()
            .createStreaming(ResponseCreateParams.builder().model("auto").input("hi").build())) {
      events.stream().forEach(whole::accumulate);
    }
    var call = whole.response().output().getFirst().asFunctionCall();

    assertEquals("weather", call.name());
    assertEquals("{\"city\":\"Bern\"}", call.arguments());
  }

  @Test
  void continuesRawText() {
    var completion =
        CLIENT
            .completions()
            .create(CompletionCreateParams.builder().model("auto").prompt("Once").build());

    assertEquals("Hello, world.", completion.choices().getFirst().text());
  }

  @Test
  void embedsInBothEncodings() {
    EmbeddingCreateParams params =
        EmbeddingCreateParams.builder().model("auto").input("hi").build();
    EmbeddingCreateParams base64 =
        params.toBuilder().encodingFormat(EmbeddingCreateParams.EncodingFormat.BASE64).build();

    assertEquals(
        List.of(0.6f, 0.8f), CLIENT.embeddings().create(params).data().getFirst().embedding());
    assertEquals(
        List.of(0.6f, 0.8f), CLIENT.embeddings().create(base64).data().getFirst().embedding());
  }

  @Test
  void listsModels() {
    List<String> ids = CLIENT.models().list().items().stream().map(model -> model.id()).toList();

    assertEquals(List.of("auto", "local", "claude", "builtin"), ids);
    assertEquals("builtin", CLIENT.models().retrieve("builtin").id());
  }

  @Test
  void raisesWhatAnUnknownModelDeserves() {
    var params = chat().model("gpt-7").build();
    NotFoundException thrown =
        assertThrows(NotFoundException.class, () -> CLIENT.chat().completions().create(params));

    assertEquals("model_not_found", thrown.code().orElseThrow());
  }

  @Test
  void raisesAFailureInTheMiddleInsteadOfEndingShort() {
    Failure lost = Failure.passing(FailureCode.PROVIDER_LOST, "It is gone.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(lost, "Hel"));

    assertThrows(
        OpenAIException.class,
        () -> {
          try (var chunks = CLIENT.chat().completions().createStreaming(chat().build())) {
            chunks.stream().forEach(_ -> {});
          }
        });
  }

  @Test
  void stopsTheWorkWhenTheStreamIsClosed() {
    SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(5)));
    int ended = SERVER.finch.ended.get();
    try (var chunks = CLIENT.chat().completions().createStreaming(chat().build())) {
      assertTrue(chunks.stream().limit(3).count() == 3);
    }
    Await.until(() -> SERVER.finch.ended.get() == ended + 1);
  }

  @Test
  void passesSamplingOn() {
    CLIENT
        .chat()
        .completions()
        .create(chat().temperature(0.5).maxCompletionTokens(5).stop("x").build());
    var sampling = SERVER.finch.requests.getFirst().sampling();

    assertEquals(0.5, sampling.temperature());
    assertEquals(5, sampling.maxTokens());
    assertEquals(List.of("x"), sampling.stop());
    assertInstanceOf(ResponseFormat.Text.class, SERVER.finch.requests.getFirst().format());
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder().model("auto").addUserMessage("hi");
  }

  static Source<AnswerEvent, org.apache.pekko.NotUsed> toolCall() {
    return Source.from(
        List.of(
            new AnswerEvent.Started(ScriptedFinch.LOCAL),
            new AnswerEvent.ToolCallStarted(0, "call_1", "weather"),
            new AnswerEvent.ToolCallArguments(0, "{\"city\":"),
            new AnswerEvent.ToolCallArguments(0, "\"Bern\"}"),
            ScriptedFinch.finished(FinishReason.TOOL_CALLS, 9)));
  }
}
