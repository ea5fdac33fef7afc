package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Sampling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiChatTest {

  private static final Server SERVER = Server.start("finch.http.head-wait = 300ms");
  private static final String PATH = "/v1/chat/completions";
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
    SERVER.finch.requests.clear();
  }

  @Test
  void answersAWholeCompletionAndNamesWhoAnswered() throws Exception {
    var response = SERVER.post(PATH, "{" + MESSAGES + ",\"model\":\"auto\"}");
    JsonNode body = Json.read(response.body());

    assertEquals(200, response.statusCode());
    assertEquals("Hello, world.", body.at("/choices/0/message/content").asText());
    assertEquals("stop", body.at("/choices/0/finish_reason").asText());
    assertEquals(9, body.at("/usage/total_tokens").asInt());
    assertEquals("local", response.headers().firstValue("X-Finch-Served-By").orElseThrow());
    assertEquals(
        "MODEL_READY", response.headers().firstValue("X-Finch-Route-Reason").orElseThrow());
  }

  @Test
  void streamsRoleDeltasReasonUsageAndDone() throws Exception {
    String sent = "{" + MESSAGES + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
    List<String> data = data(SERVER.post(PATH, sent).body());

    assertEquals("[DONE]", data.removeLast());
    assertEquals(2, Json.read(data.removeLast()).at("/usage/completion_tokens").asInt());
    assertEquals("stop", Json.read(data.removeLast()).at("/choices/0/finish_reason").asText());
    assertEquals("assistant", Json.read(data.removeFirst()).at("/choices/0/delta/role").asText());
    StringBuilder text = new StringBuilder();
    for (String chunk : data) {
      text.append(Json.read(chunk).at("/choices/0/delta/content").asText());
    }
    assertEquals("Hello, world.", text.toString());
  }

  @Test
  void saysPendingWhenTheHeadCannotWaitAndTellsTheTruthAtTheEnd() throws Exception {
    SERVER.finch.script(
        _ -> ScriptedFinch.says("late").initialDelay(java.time.Duration.ofMillis(700)));
    var response = SERVER.post(PATH, "{" + MESSAGES + ",\"stream\":true}");

    assertEquals("pending", response.headers().firstValue("X-Finch-Served-By").orElseThrow());
    assertTrue(response.body().startsWith(Sse.KEEP_ALIVE), response.body());
    assertTrue(response.body().contains(": finch served-by=local model=tiny reason=MODEL_READY"));
    String id = response.headers().firstValue("X-Request-Id").orElseThrow();
    assertEquals(id, SERVER.finch.requests.getFirst().id());
  }

  @Test
  void givesAFailureBeforeTheFirstContentItsStatus() throws Exception {
    Failure busy = Failure.passing(FailureCode.BUSY, "All slots are busy.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(busy));
    var response = SERVER.post(PATH, "{" + MESSAGES + ",\"stream\":true}");

    assertEquals(503, response.statusCode());
    assertEquals("1", response.headers().firstValue("Retry-After").orElseThrow());
    assertEquals("busy", Json.read(response.body()).at("/error/code").asText());
  }

  @Test
  void cutsTheConnectionAfterAnErrorFrameInTheMiddle() {
    Failure lost = Failure.passing(FailureCode.CLAUDE_STREAM_CUT, "Claude's stream broke.", null);
    SERVER.finch.script(_ -> ScriptedFinch.fails(lost, "Hel"));

    assertThrows(IOException.class, () -> SERVER.post(PATH, "{" + MESSAGES + ",\"stream\":true}"));
  }

  @Test
  void asksOncePerChoiceWithSeedsOfItsOwn() throws Exception {
    var response = SERVER.post(PATH, "{" + MESSAGES + ",\"n\":3,\"seed\":5}");

    assertEquals(3, Json.read(response.body()).at("/choices").size());
    List<Long> seeds = new ArrayList<>();
    for (GenerateRequest request : SERVER.finch.requests) {
      seeds.add(request.sampling().seed());
    }
    assertEquals(List.of(5L, 6L, 7L), seeds.stream().sorted().toList());
  }

  @Test
  void namesTheFieldThatIsWrong() throws Exception {
    var response = SERVER.post(PATH, "{" + MESSAGES + ",\"temperature\":\"hot\"}");

    assertEquals(400, response.statusCode());
    String message = Json.read(response.body()).at("/error/message").asText();
    assertEquals("temperature: \"hot\" (expected: a number).", message);
  }

  /** LM Studio's, llama.cpp's and vLLM's "none"; OpenAI itself refuses them. */
  @Test
  void minusOneAndEmptyStopTextsAreNone() throws Exception {
    for (String path : List.of(PATH, "/v1/completions")) {
      for (String stop : List.of("\"\"", "[\"\"]", "[]")) {
        String fields = ",\"prompt\":\"hi\",\"max_tokens\":-1,\"top_k\":-1,\"stop\":" + stop;
        var response = SERVER.post(path, "{" + MESSAGES + fields + "}");

        assertEquals(200, response.statusCode(), response.body());
        Sampling sampling = SERVER.finch.requests.getLast().sampling();
        assertEquals(Sampling.builder().topK(0).build(), sampling);
      }
    }
    String most = ",\"max_completion_tokens\":-1,\"max_tokens\":7}";
    assertEquals(200, SERVER.post(PATH, "{" + MESSAGES + most).statusCode());
    assertNull(SERVER.finch.requests.getLast().sampling().maxTokens());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_tokens\":-2",
        "\"max_tokens\":0",
        "\"top_k\":-2",
        "\"temperature\":2.5",
        "\"presence_penalty\":3",
        "\"frequency_penalty\":-3",
      })
  void whatLiesBeyondOpenAisRangesIsRefused(String field) throws Exception {
    assertEquals(400, SERVER.post(PATH, "{" + MESSAGES + "," + field + "}").statusCode());
  }

  @Test
  void answersAnUnknownModelWithNotFound() throws Exception {
    var response = SERVER.post(PATH, "{" + MESSAGES + ",\"model\":\"qwen2.5-1.6b\"}");

    assertEquals(404, response.statusCode());
    JsonNode error = Json.read(response.body()).get("error");
    assertEquals("model_not_found", error.get("code").asText());
    assertTrue(error.get("message").asText().contains("qwen2.5-1.5b"), error.toString());
  }

  @Test
  void takesPrivacyFromTheHeaderAndTheLegFromTheName() throws Exception {
    SERVER.post(PATH, "{" + MESSAGES + ",\"model\":\"claude-opus-5-5\"}");
    SERVER.post(PATH, "{" + MESSAGES + ",\"model\":\"claude\"}", "X-Finch-Privacy", "local-only");

    assertEquals("claude-opus-5-5", SERVER.finch.requests.get(0).cloudModel());
    assertEquals(Privacy.CLOUD_ONLY, SERVER.finch.requests.get(0).privacy());
    assertEquals(Privacy.LOCAL_ONLY, SERVER.finch.requests.get(1).privacy());
  }

  @Test
  void endsTheWorkWhenTheClientLeavesDuringAnUnstreamedAnswer() throws Exception {
    SERVER.finch.script(_ -> Source.never());
    int ended = SERVER.finch.ended.get();
    try (var socket = RawSocket.connect(SERVER)) {
      socket.send(RawSocket.post(PATH, "{" + MESSAGES + "}"));
      Await.until(() -> SERVER.finch.running.get() == 1);
    }
    Await.until(() -> SERVER.finch.ended.get() == ended + 1);
  }

  private static List<String> data(String body) {
    List<String> data = new ArrayList<>();
    for (String line : body.split("\n", -1)) {
      if (line.startsWith("data: ")) {
        data.add(line.substring("data: ".length()));
      }
    }
    return data;
  }
}
