package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import dev.finch.download.LoopbackHub;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from Claude to the local model as an HTTP client sees it: headers, comment, registry. */
final class HandoverIT {

  private static final String ASKED =
      "\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of"
          + " France?\"}]}";

  @TempDir Path directory;

  private final LoopbackHub hub = LoopbackHub.start();
  private final LoopbackClaude claude = LoopbackClaude.start();

  @BeforeEach
  void serveTheModel() throws IOException {
    Path file = directory.resolve("tiny-q8_0.gguf");
    try (InputStream model =
        HandoverIT.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      Files.copy(model, file);
    }
    hub.serve("acme/tiny-GGUF", "tiny-q8_0.gguf", file);
    claude.answerAlways(ClaudeScript.text("Paris, says Claude."));
  }

  @AfterEach
  void stopServers() {
    hub.close();
    claude.close();
  }

  @Test
  void claudeServesUntilTheModelIsReadyAndEveryAnswerSaysWhoGaveIt() throws Exception {
    hub.slowNetwork(Duration.ZERO, 150_000);
    try (RealServer server = RealServer.start(settings("2s"), directory)) {
      HttpResponse<String> first = server.post("/v1/chat/completions", "{" + ASKED);
      assertTrue(first.body().contains("Paris, says Claude."), first.body());
      assertServedBy(server, first, "claude", "MODEL_NOT_READY");
      assertEquals(200, server.get("/health/ready").statusCode());

      hub.slowNetwork(Duration.ZERO, 0);
      server.awaitReady();
      HttpResponse<String> second = server.post("/v1/messages", "{\"max_tokens\":32," + ASKED);
      assertTrue(second.body().contains("The capital of France is Paris."), second.body());
      assertServedBy(server, second, "local", "MODEL_READY");
      assertEquals(1, claude.messages().size());

      HttpResponse<String> named = server.post("/api/chat", "{\"model\":\"claude\"," + ASKED);
      assertServedBy(server, named, "claude", "ASKED_FOR_CLAUDE");
    }
  }

  @Test
  void aHeadThatLeftBeforeTheProviderWasKnownSaysPendingAndTheEndTellsTheTruth() throws Exception {
    hub.slowNetwork(Duration.ZERO, 150_000);
    CountDownLatch thought = new CountDownLatch(1);
    claude.answerAlways(ClaudeScript.after(thought, ClaudeScript.text("Paris, says Claude.")));
    try (RealServer server = RealServer.start(settings("0s"), directory)) {
      Thread.ofVirtual()
          .start(
              () -> {
                Await.until(() -> !claude.messages().isEmpty());
                thought.countDown();
              });
      HttpResponse<String> answer =
          server.post("/v1/chat/completions", "{\"stream\":true," + ASKED);

      assertEquals("pending", header(answer, "X-Finch-Served-By"));
      assertEquals("pending", header(answer, "X-Finch-Route-Reason"));
      assertTrue(answer.body().contains(": finch served-by=claude "), answer.body());
      assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer.body());
      assertEquals("claude", fate(server, answer).get("servedBy").asText());
    }
  }

  @Test
  void claudesSignedThinkingSurvivesARestartBetweenACallAndItsResult() throws Exception {
    claude.answerAlways(
        ClaudeScript.stream(
            Transcripts.messageStart("claude-haiku-5-5", 5),
            Transcripts.blockStart(
                0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
            Transcripts.thinkingDelta(0, "I need the weather."),
            Transcripts.signatureDelta(0, "c2lnbmVk"),
            Transcripts.blockStop(0),
            Transcripts.blockStart(
                1, "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{}}"),
            Transcripts.argumentsDelta(1, "{\"city\":\"Bern\"}"),
            Transcripts.blockStop(1),
            Transcripts.messageDelta("tool_use", 9),
            Transcripts.messageStop()));
    String asked =
        """
        {"model":"claude","max_tokens":99,"stream":%s,
         "tools":[{"name":"weather","input_schema":{"type":"object"}}],
         "messages":[{"role":"user","content":"weather?"}%s]}
        """;
    JsonNode turn;
    try (RealServer server = RealServer.start(settings("2s"), directory)) {
      String streamed = server.post("/v1/messages", asked.formatted("true", "")).body();
      assertTrue(
          streamed.contains("{\"type\":\"signature_delta\",\"signature\":\"c2lnbmVk\"}"), streamed);
      turn = Json.read(server.post("/v1/messages", asked.formatted("false", "")).body());
      assertEquals("c2lnbmVk", turn.at("/content/0/signature").asText());
    }
    String result =
        ",{\"role\":\"assistant\",\"content\":"
            + turn.get("content")
            + "},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
            + "\"tool_use_id\":\"toolu_1\",\"content\":\"sunny\"}]}";
    try (RealServer server = RealServer.start(settings("2s"), directory)) {
      server.post("/v1/messages", asked.formatted("false", result));
    }
    JsonNode back = claude.messages().getLast().json().at("/messages/1/content");

    assertEquals(turn.at("/content/0"), back.get(0));
    assertEquals("tool_use", back.at("/1/type").asText());
  }

  private Map<String, Object> settings(String headWait) {
    return Map.of(
        "finch.model",
        "hf:acme/tiny-GGUF",
        "finch.download.endpoint",
        hub.endpoint(),
        "finch.download.cache",
        directory.resolve("hub").toString(),
        "finch.cloud.endpoint",
        claude.url(),
        "finch.cloud.api-key",
        "sk-ant-test",
        "finch.http.head-wait",
        headWait);
  }

  private static void assertServedBy(
      RealServer server, HttpResponse<String> answer, String provider, String reason)
      throws Exception {
    assertEquals(provider, header(answer, "X-Finch-Served-By"));
    assertEquals(reason, header(answer, "X-Finch-Route-Reason"));
    JsonNode fate = fate(server, answer);
    assertEquals(provider, fate.get("servedBy").asText());
    assertEquals(reason, fate.get("routeReason").asText());
    assertEquals("finished", fate.get("state").asText());
  }

  private static JsonNode fate(RealServer server, HttpResponse<String> answer) throws Exception {
    String id = header(answer, "X-Request-Id");
    return Json.read(server.get("/v1/finch/requests/" + id).body());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
