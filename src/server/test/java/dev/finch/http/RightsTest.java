package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may change models, and who may name a file of this machine. */
final class RightsTest {

  private static final String SECRET = "/etc/passwd";

  private static final Server KEYED =
      Server.start(
          "finch.http.api-keys = [\"ann=key-of-ann\", \"eve=key-of-eve\","
              + " \"admin:bob=key-of-bob\"]");
  private static final Server KEYLESS =
      Server.start("finch.http.allowed-origins = [\"https://chat.example\"]");
  private static final Server OPEN = Server.start("finch.http.keyless-files = on");

  @AfterAll
  static void stop() {
    KEYED.close();
    KEYLESS.close();
    OPEN.close();
  }

  @ParameterizedTest
  @CsvSource({
    "load, qwen2.5-0.5b",
    "load, hf:acme/x",
    "load, file:/etc/passwd",
    "swap, builtin",
    "unload, builtin",
    "pull, qwen2.5-0.5b",
    "remove, qwen2.5-0.5b",
  })
  void onlyAnAdminKeyChangesModels(String action, String model) throws Exception {
    String body = "{\"action\":\"" + action + "\",\"model\":\"" + model + "\"}";
    HttpResponse<String> ordinary = KEYED.post("/v1/finch/model", body, "x-api-key", "key-of-ann");
    HttpResponse<String> admin = KEYED.post("/v1/finch/model", body, "x-api-key", "key-of-bob");

    assertEquals(403, ordinary.statusCode());
    assertTrue(ordinary.body().contains("\"FORBIDDEN\""), ordinary.body());
    assertTrue(ordinary.body().contains("admin:name=key"), ordinary.body());
    assertEquals(200, admin.statusCode(), admin.body());
  }

  @Test
  void everybodysSpendingIsForAdmins() throws Exception {
    HttpResponse<String> ordinary = KEYED.get("/v1/finch/ledger", "x-api-key", "key-of-ann");

    assertEquals(403, ordinary.statusCode());
    assertTrue(ordinary.body().contains("needs an admin key"), ordinary.body());
    assertEquals(200, KEYED.get("/v1/finch/ledger", "x-api-key", "key-of-bob").statusCode());
    assertEquals(200, KEYLESS.get("/v1/finch/ledger").statusCode());
  }

  @Test
  void aRequestsFateIsForItsKeyAndForAdmins() throws Exception {
    String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    HttpResponse<String> answer =
        KEYED.post("/v1/chat/completions", chat, "x-api-key", "key-of-ann");
    String fate = "/v1/finch/requests/" + answer.headers().firstValue("X-Request-Id").orElseThrow();

    assertEquals(200, KEYED.get(fate, "x-api-key", "key-of-ann").statusCode());
    assertEquals(404, KEYED.get(fate, "x-api-key", "key-of-eve").statusCode());
    assertEquals(200, KEYED.get(fate, "x-api-key", "key-of-bob").statusCode());
  }

  @Test
  void refusesInTheShapeOfEachDialect() throws Exception {
    HttpResponse<String> pull =
        KEYED.post("/api/pull", "{\"model\":\"hf:acme/x\"}", "x-api-key", "key-of-ann");
    HttpResponse<String> delete =
        KEYED.client.send(
            HttpRequest.newBuilder(KEYED.uri("/api/delete"))
                .header("x-api-key", "key-of-ann")
                .method("DELETE", HttpRequest.BodyPublishers.ofString("{\"model\":\"builtin\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertEquals(403, pull.statusCode());
    assertTrue(pull.body().startsWith("{\"error\":\""), pull.body());
    assertEquals(403, delete.statusCode());
    assertTrue(delete.body().startsWith("{\"error\":\""), delete.body());
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/finch/model, '{\"action\":\"load\",\"model\":\"file:/etc/passwd\"}'",
    "POST, /v1/finch/model, '{\"action\":\"pull\",\"model\":\"/etc/passwd.gguf\"}'",
    "POST, /v1/finch/model, '{\"action\":\"remove\",\"model\":\"FILE:///etc/passwd\"}'",
    "POST, /api/pull, '{\"model\":\"file:/etc/passwd\"}'",
    "GET, /v1/finch/cached/file:/etc/passwd, ''",
    "GET, /v1/finch/cached/file:%2Fetc%2Fpasswd, ''",
    "POST, /v1/finch/generate,"
        + " '{\"model\":\"file:/etc/passwd\",\"prompt\":{\"type\":\"raw\",\"text\":\"x\"}}'",
    "POST, /v1/finch/count,"
        + " '{\"model\":\"file:/etc/passwd\",\"prompt\":{\"type\":\"raw\",\"text\":\"x\"}}'",
  })
  void filesAreNotNamedWithoutAKeyUnlessConfigured(String method, String path, String body)
      throws Exception {
    HttpResponse<String> closed = send(KEYLESS, method, path, body);
    HttpResponse<String> open = send(OPEN, method, path, body);

    assertEquals(403, closed.statusCode(), closed.body());
    assertTrue(closed.body().contains("keyless-files"), closed.body());
    assertEquals(200, open.statusCode(), open.body());
  }

  @Test
  void ordinaryKeysAskWhatIsEveryonesOnly() throws Exception {
    String prompt = ",\"prompt\":{\"type\":\"raw\",\"text\":\"x\"}}";
    for (String everyones : new String[] {"auto", "builtin", "qwen2.5-0.5b"}) {
      HttpResponse<String> answered =
          KEYED.post(
              "/v1/finch/count",
              "{\"model\":\"" + everyones + "\"" + prompt,
              "x-api-key",
              "key-of-ann");
      assertEquals(200, answered.statusCode(), answered.body());
    }
    for (String others : new String[] {"hf:acme/unknown", "random:small", "file:/etc/passwd"}) {
      String body = "{\"model\":\"" + others + "\"" + prompt;
      assertEquals(
          403, KEYED.post("/v1/finch/count", body, "x-api-key", "key-of-ann").statusCode(), others);
      assertEquals(
          200, KEYED.post("/v1/finch/count", body, "x-api-key", "key-of-bob").statusCode(), others);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "qwen2.5-1.5b, 200, 200",
    "qwen2.5-1.5b:q8_0, 200, 200",
    "hf:acme/unknown, 403, 200",
    "acme/unknown:q8_0, 403, 200",
    "qwen2.5-9b, 404, 404",
    "qwen2.5-9b:q8_0, 404, 404",
  })
  void dialectsTakeTheNamesThatFinchsOwnRoutesTake(String name, int ordinary, int admin)
      throws Exception {
    String chat =
        "{\"model\":\"" + name + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    for (String path : new String[] {"/v1/chat/completions", "/v1/messages/count_tokens"}) {
      HttpResponse<String> asked = KEYED.post(path, chat, "x-api-key", "key-of-ann");
      assertEquals(ordinary, asked.statusCode(), asked.body());
      assertEquals(admin, KEYED.post(path, chat, "x-api-key", "key-of-bob").statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource({"a", "hf:a/", "x!", "random:", "random:r"})
  void aLongNameIsNotRepeatedWhole(String start) throws Exception {
    String chat = "{\"model\":\"" + start + "a".repeat(1 << 20) + "\",\"messages\":[]}";
    for (String path : new String[] {"/v1/chat/completions", "/api/chat", "/v1/finch/count"}) {
      HttpResponse<String> refused = KEYED.post(path, chat, "x-api-key", "key-of-ann");
      assertTrue(refused.statusCode() >= 400, path);
      assertTrue(refused.body().length() < 1500, path + ": " + refused.body().length());
    }
  }

  @Test
  void pagesOfOtherOriginsAreNoAdminWithoutAKey() throws Exception {
    String load = "{\"action\":\"load\",\"model\":\"builtin\"}";

    assertEquals(200, KEYLESS.post("/v1/finch/model", load).statusCode());
    assertEquals(
        200, KEYLESS.post("/v1/finch/model", load, "Origin", KEYLESS.frontEnd.url()).statusCode());
    assertEquals(
        403, KEYLESS.post("/v1/finch/model", load, "Origin", "https://chat.example").statusCode());
  }

  @Test
  void healthTellsNothingOfPathsAndNames() throws Exception {
    Failure failure =
        Failure.permanent(
            FailureCode.MODEL_FILE_INVALID, SECRET + ": begins with root:x", "Look at " + SECRET);
    KEYED.finch.state(
        RuntimeState.of(null, new ModelState.Failed("file:" + SECRET, failure)), Source.never());
    HttpResponse<String> ready = KEYED.get("/health/ready");

    assertTrue(ready.body().contains("\"local\":\"failed\""), ready.body());
    assertFalse(ready.body().contains("passwd"), ready.body());
    assertFalse(ready.body().contains("root"), ready.body());
  }

  @Test
  void manyRequestsWithoutAKeyAreRefusedOneByOne() throws Exception {
    try (RawSocket socket = RawSocket.connect(KEYED)) {
      String models = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
      Thread.ofVirtual().start(() -> sendQuietly(socket, models.repeat(5000)));
      for (int i = 0; i < 5000; i++) {
        assertTrue(socket.readUntil("\r\n\r\n").contains("401 Unauthorized"), "answer " + i);
      }
    }
    assertEquals(200, KEYED.get("/v1/models", "x-api-key", "key-of-ann").statusCode());
  }

  private static void sendQuietly(RawSocket socket, String text) {
    try {
      socket.send(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cross-site, no-cors, image, 403",
    "cross-site, no-cors, script, 403",
    "cross-site, navigate, iframe, 403",
    "cross-site, navigate, document, 200",
    "same-site, no-cors, image, 200",
    "same-origin, cors, empty, 200",
    "none, navigate, document, 200",
  })
  void refusesWhatPagesOfOtherSitesEmbed(String site, String mode, String dest, int status)
      throws Exception {
    for (String path : new String[] {"/page/finch.svg", "/health/live", "/v1/models"}) {
      HttpResponse<String> response =
          KEYLESS.get(path, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", mode, "Sec-Fetch-Dest", dest);

      assertEquals(status, response.statusCode(), path);
    }
  }

  @Test
  void everyResponseIsGuarded() throws Exception {
    for (HttpResponse<String> response :
        List.of(KEYLESS.get("/"), KEYLESS.get("/nothing"), KEYED.get("/v1/models"))) {
      assertEquals(
          "nosniff", response.headers().firstValue("X-Content-Type-Options").orElse("absent"));
      assertEquals(
          "same-origin",
          response.headers().firstValue("Cross-Origin-Resource-Policy").orElse("absent"));
    }
    try (RawSocket socket = RawSocket.connect(KEYED)) {
      socket.send("nonsense, nonsense, nonsense\r\n\r\n");
      String refused = socket.readAll();
      assertTrue(refused.startsWith("HTTP/1.1 501"), refused);
      assertTrue(refused.contains("nosniff"), refused);
      assertTrue(refused.contains("{\"error\":{\"message\":"), refused);
    }
  }

  private static HttpResponse<String> send(Server server, String method, String path, String body)
      throws Exception {
    return method.equals("GET") ? server.get(path) : server.post(path, body);
  }

  /** Whoever wrote it runs the server; the same model under its own name stays forbidden. */
  @Test
  void anAliasIsItsOperatorsPermission() throws Exception {
    String settings =
        "finch.http { api-keys = [\"ann=key-of-ann\"], model-aliases {"
            + " ours = \"hf:acme/x\", \"team-*\" = \"hf:acme/y:Q4_K_M\","
            + " \"hf:acme/z\" = \"hf:acme/z\", \"hf:acme/*\" = \"hf:acme/w\" } }";
    try (Server server = Server.start(settings)) {
      for (String path : List.of("/v1/chat/completions", "/v1/messages", "/api/chat")) {
        for (String[] each :
            new String[][] {
              {"ours", "hf:acme/x"},
              {"team-b", "hf:acme/y:Q4_K_M"},
              {"hf:acme/z", "hf:acme/z"},
              {"hf:acme/any", "hf:acme/w"},
            }) {
          HttpResponse<String> answer = ask(server, path, each[0]);

          assertEquals(200, answer.statusCode(), answer.body());
          assertEquals(
              ModelReference.parse(each[1]), server.finch.requests.getLast().model(), path);
        }
        for (String other : List.of("hf:other/x", "Ours", "hf:other/x:ours")) {
          int status = ask(server, path, other).statusCode();

          assertTrue(status == 403 || status == 404, other + " " + status);
        }
      }
    }
  }

  private static HttpResponse<String> ask(Server server, String path, String model)
      throws Exception {
    String body =
        "{\"model\":\"%s\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    return server.post(path, body.formatted(model), "x-api-key", "key-of-ann");
  }
}
