package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.WhenNotReady;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wished in headers, on every surface, also where it contradicts itself or the body. */
final class FinchHeadersTest {

  private static final Server SERVER = Server.start("");
  private static final String PRIVACY = "X-Finch-Privacy";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello."));
    SERVER.finch.requests.clear();
  }

  static Stream<String> paths() {
    return Stream.of(
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/responses",
        "/v1/messages",
        "/v1/messages/count_tokens",
        "/api/chat",
        "/api/generate",
        "/v1/finch/generate",
        "/v1/finch/count");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void twoHeadersThatDisagreeAreRefusedAndNothingIsAsked(String path) throws Exception {
    for (String[] headers :
        new String[][] {
          {PRIVACY, "local-only", PRIVACY, "cloud-only"},
          {PRIVACY, "cloud-only", PRIVACY, "local-only"},
          {PRIVACY, "local-first", "x-finch-privacy", "LOCAL_ONLY"},
          {PRIVACY, "local-only, cloud-only"},
          {PRIVACY, "local-only,"},
          {PRIVACY, ""},
          {PRIVACY, "lokal"},
          {"X-Finch-When-Not-Ready", "wait", "X-Finch-When-Not-Ready", "forward"},
        }) {
      HttpResponse<String> answer = post(path, "auto", "LOCAL_FIRST", headers);

      assertEquals(400, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains(headers[0]), answer.body());
    }
    assertEquals(0, SERVER.finch.requests.size());
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aHeaderThatComesTwiceAndSaysTheSameCounts(String path) throws Exception {
    String[] twice = {PRIVACY, "local-only", PRIVACY, "LOCAL_ONLY, local-only"};

    assertEquals(200, post(path, "auto", "LOCAL_FIRST", twice).statusCode());
    for (GenerateRequest asked : SERVER.finch.requests) {
      assertEquals(Privacy.LOCAL_ONLY, asked.effectivePrivacy());
    }
    assertEquals(path.contains("count") ? 0 : 1, SERVER.finch.requests.size());
  }

  /** The name of a model says it too ({@code claude}, {@code local}). */
  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, claude, LOCAL_FIRST, local-only, LOCAL_ONLY",
    "/v1/chat/completions, local, LOCAL_FIRST, cloud-only, LOCAL_ONLY",
    "/v1/chat/completions, claude, LOCAL_FIRST, local-first, CLOUD_ONLY",
    "/v1/responses, claude, LOCAL_FIRST, local-only, LOCAL_ONLY",
    "/v1/messages, claude-opus-4-1, LOCAL_FIRST, local-only, LOCAL_ONLY",
    "/api/chat, claude, LOCAL_FIRST, local-only, LOCAL_ONLY",
    "/v1/finch/generate, auto, LOCAL_FIRST, local-only, LOCAL_ONLY",
    "/v1/finch/generate, auto, CLOUD_ONLY, local-only, LOCAL_ONLY",
    "/v1/finch/generate, auto, LOCAL_ONLY, cloud-only, LOCAL_ONLY",
    "/v1/finch/generate, auto, LOCAL_ONLY, local-first, LOCAL_ONLY",
    "/v1/finch/generate, auto, LOCAL_FIRST, cloud-only, CLOUD_ONLY",
  })
  void theStricterOfHeaderAndBodyWins(
      String path, String model, String body, String header, Privacy wins) throws Exception {
    assertEquals(200, post(path, model, body, PRIVACY, header).statusCode());
    assertEquals(wins, SERVER.finch.requests.getLast().effectivePrivacy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/chat/completions", "/v1/messages", "/api/chat", "/v1/finch/generate"})
  void waitingIsKeptEverywhere(String path) throws Exception {
    assertEquals(
        200, post(path, "auto", "LOCAL_FIRST", "X-Finch-When-Not-Ready", "wait").statusCode());
    assertEquals(WhenNotReady.WAIT, SERVER.finch.requests.getLast().whenNotReady());
  }

  private static HttpResponse<String> post(
      String path, String model, String privacy, String... headers) throws Exception {
    String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    String body =
        path.startsWith("/v1/finch")
            ? "{\"privacy\":\"%s\",\"prompt\":{\"type\":\"raw\",\"text\":\"hi\"}}"
                .formatted(privacy)
            : "{\"model\":\"%s\",\"stream\":false,\"max_tokens\":9,%s}"
                .formatted(
                    model,
                    path.endsWith("responses")
                        ? "\"input\":\"hi\""
                        : path.endsWith("e") || path.endsWith("/completions")
                            ? path.contains("chat") ? messages : "\"prompt\":\"hi\""
                            : messages);
    return SERVER.post(path, body, headers);
  }
}
