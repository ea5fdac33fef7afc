package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Prompt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anthropic's own Java client against the front end. */
final class AnthropicClientIT {

  private static final Server SERVER = Server.start("");
  private static final AnthropicClient CLIENT =
      AnthropicOkHttpClient.builder()
          .baseUrl(SERVER.frontEnd.url())
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
  void answersAMessage() {
    Message message = CLIENT.messages().create(params().system("be brief").build());

    assertEquals("Hello, world.", message.content().getFirst().asText().text());
    assertEquals(StopReason.END_TURN, message.stopReason().orElseThrow());
    assertEquals(4, message.usage().inputTokens());
    assertEquals(3, message.usage().cacheReadInputTokens().orElseThrow());
    assertEquals(
        new Prompt.Conversation(List.of(ChatMessage.system("be brief"), ChatMessage.user("hi"))),
        SERVER.finch.requests.getFirst().prompt());
  }

  @Test
  void streamsAMessage() {
    Message message = streamed(params().build());

    assertEquals("Hello, world.", message.content().getFirst().asText().text());
    assertEquals(2, message.usage().outputTokens());
  }

  @Test
  void callsTools() {
    SERVER.finch.script(_ -> OpenAiClientIT.toolCall());
    Tool weather =
        Tool.builder()
            .name("weather")
            .inputSchema(Tool.InputSchema.builder().type(JsonValue.from("object")).build())
            .build();
    Message message = streamed(params().addTool(weather).build());

    assertEquals("weather", message.content().getFirst().asToolUse().name());
    assertEquals(StopReason.TOOL_USE, message.stopReason().orElseThrow());
  }

  @Test
  void countsTokensExactly() {
    var count =
        CLIENT
            .messages()
            .countTokens(
                MessageCountTokensParams.builder().model("auto").addUserMessage("hi").build());

    assertEquals(42, count.inputTokens());
  }

  @Test
  void raisesWhatAnUnknownModelDeserves() {
    assertThrows(
        NotFoundException.class, () -> CLIENT.messages().create(params().model("gpt-7").build()));
  }

  @Test
  void raisesAFailureInTheMiddleInsteadOfEndingShort() {
    Failure lost = Failure.passing(FailureCode.CLAUDE_OVERLOADED, "It is overloaded.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(lost, "Hel"));

    assertThrows(AnthropicException.class, () -> streamed(params().build()));
  }

  @Test
  void stopsTheWorkWhenTheStreamIsClosed() {
    SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(5)));
    int ended = SERVER.finch.ended.get();
    try (var events = CLIENT.messages().createStreaming(params().build())) {
      assertTrue(events.stream().limit(4).count() == 4);
    }
    Await.until(() -> SERVER.finch.ended.get() == ended + 1);
  }

  @Test
  void listsModels() {
    List<String> ids = CLIENT.models().list().items().stream().map(model -> model.id()).toList();

    assertEquals(List.of("auto", "local", "claude", "builtin"), ids);
  }

  private static MessageCreateParams.Builder params() {
    return MessageCreateParams.builder().model("auto").maxTokens(64).addUserMessage("hi");
  }

  private static Message streamed(MessageCreateParams params) {
    MessageAccumulator whole = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> events = CLIENT.messages().createStreaming(params)) {
      events.stream().forEach(whole::accumulate);
    }
    return whole.message();
  }
}
