package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.model.ModelReference;
import dev.finch.remote.RemoteFinch;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that names a local model is answered by that one or by nobody. */
final class NamedModelIT {

  private static final String CHAT =
      "{\"model\":\"%s\",\"max_tokens\":4,\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"secret\"}]}";

  private static final String PROMPT =
      "{\"model\":\"%s\",\"max_tokens\":4,\"stream\":false,\"%s\":\"secret\"}";

  @TempDir static Path directory;

  private LoopbackClaude claude;

  @BeforeEach
  void start() {
    claude = LoopbackClaude.start();
  }

  @AfterEach
  void stop() {
    claude.close();
  }

  /** What asks for this model, by path. */
  private static Map<String, String> requests(String model) {
    Map<String, String> requests = new LinkedHashMap<>();
    for (String path : new String[] {"/v1/chat/completions", "/v1/messages", "/api/chat"}) {
      requests.put(path, CHAT.formatted(model));
    }
    requests.put(
        "/v1/responses",
        "{\"model\":\"" + model + "\",\"max_output_tokens\":16,\"input\":\"secret\"}");
    requests.put("/v1/completions", PROMPT.formatted(model, "prompt"));
    requests.put("/api/generate", PROMPT.formatted(model, "prompt"));
    requests.putAll(embeddings(model));
    return requests;
  }

  /** What asks this model for vectors, by path. */
  private static Map<String, String> embeddings(String model) {
    return Map.of(
        "/v1/embeddings", PROMPT.formatted(model, "input"),
        "/api/embed", PROMPT.formatted(model, "input"),
        "/api/embeddings", PROMPT.formatted(model, "prompt"),
        "/v1/finch/embed", "{\"model\":\"%s\",\"inputs\":[\"secret\"]}".formatted(model));
  }

  @Test
  void isRefusedInEveryDialectWhereItIsNotThere() throws Exception {
    try (RealServer server = start(Map.of("finch.model", "random:small"))) {
      server.awaitReady();
      for (var request : requests("builtin").entrySet()) {
        HttpResponse<String> refused = server.post(request.getKey(), request.getValue());

        assertTrue(refused.statusCode() >= 400, request.getKey() + refused.body());
        assertTrue(
            refused.body().contains("builtin is not loaded. Random weights "), refused.body());
        assertTrue(refused.body().contains("requested-model = load"), refused.body());
      }
      HttpResponse<String> contradiction =
          server.post(
              "/v1/chat/completions", CHAT.formatted("builtin"), "X-Finch-Privacy", "cloud-only");
      assertEquals(400, contradiction.statusCode(), contradiction.body());
      assertEquals(FailureCode.MODEL_NOT_READY, refusal(server, ModelReference.BUILT_IN));
      assertEquals(0, claude.messages().size(), "nothing has left");

      for (String open : new String[] {"claude", "claude-haiku-5-5"}) {
        HttpResponse<String> asked = server.post("/v1/chat/completions", CHAT.formatted(open));
        if (open.equals("claude")) {
          assertEquals("claude", asked.headers().firstValue("X-Finch-Served-By").orElse(""));
        }
      }
      assertEquals(1, claude.messages().size());
    }
  }

  /** So that the next request for the other model finds this one again. */
  private static void swapBack(RealServer server) {
    GenerateRequest named =
        GenerateRequest.builder().model(ModelReference.parse("random:small")).user("hi").build();
    Answer answer = server.finch.askAsync(named).toCompletableFuture().join();
    assertEquals(Provenance.Provider.LOCAL, answer.provenance().provider());
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude", "Claude:latest"})
  void claudeMakesNoVectors(String model) throws Exception {
    try (RealServer server = start(Map.of("finch.model", "random:small"))) {
      server.awaitReady();
      Map<String, String> requests = new HashMap<>(embeddings(model));
      requests.remove("/v1/finch/embed"); // takes references of local models alone
      for (var request : requests.entrySet()) {
        HttpResponse<String> refused = server.post(request.getKey(), request.getValue());

        assertEquals(400, refused.statusCode(), request.getKey() + refused.body());
        assertTrue(refused.body().contains("Claude makes no vectors"), refused.body());
      }
    }
  }

  @Test
  void vectorsComeFromTheModelThatServesUnderEachOfItsNames() throws Exception {
    try (RealServer server = start(Map.of("finch.model", "random:small"))) {
      server.awaitReady();
      for (String name :
          new String[] {
            "local", "auto", "random:small", server.finch.state().ready().orElse(null).name()
          }) {
        HttpResponse<String> made = server.post("/v1/embeddings", PROMPT.formatted(name, "input"));
        assertEquals(200, made.statusCode(), name + made.body());
      }
      try (RemoteFinch remote = RemoteFinch.connect(URI.create(server.url()))) {
        ModelReference same = ModelReference.parse("random:small");
        EmbedRequest named = EmbedRequest.builder(List.of("a")).model(same).build();
        assertEquals(1, remote.embedAsync(named).toCompletableFuture().join().vectors().size());
      }
    }
  }

  private static FailureCode refusal(RealServer server, ModelReference model) {
    try (RemoteFinch remote = RemoteFinch.connect(URI.create(server.url()))) {
      GenerateRequest named = GenerateRequest.builder().model(model).user("secret").build();
      CompletionException refused =
          assertThrows(
              CompletionException.class, () -> remote.askAsync(named).toCompletableFuture().join());
      return assertInstanceOf(FinchException.class, refused.getCause()).failure().code();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isLoadedWhereThatIsConfigured(boolean key) throws Exception {
    Map<String, Object> settings = new HashMap<>();
    settings.put("finch.model", "random:small");
    settings.put("finch.routing.requested-model", "load");
    settings.put("finch.routing.model-changes-per-minute", 100);
    if (!key) {
      settings.put("finch.cloud.api-key", "");
    }
    try (RealServer server = start(settings)) {
      server.awaitReady();
      for (var request : requests("builtin").entrySet()) {
        HttpResponse<String> answered = server.post(request.getKey(), request.getValue());

        assertEquals(200, answered.statusCode(), answered.body());
        assertEquals("builtin", server.finch.state().ready().orElse(null).reference().toString());
        swapBack(server);
      }
      assertEquals(0, claude.messages().size(), "nothing has left");
    }
  }

  @Test
  void changesAreBounded() throws Exception {
    Map<String, Object> settings =
        Map.of(
            "finch.model",
            "random:small",
            "finch.routing.requested-model",
            "load",
            "finch.routing.model-changes-per-minute",
            1);
    try (RealServer server = start(settings)) {
      server.awaitReady();
      assertEquals(
          200, server.post("/v1/chat/completions", CHAT.formatted("builtin")).statusCode());
      assertEquals(FailureCode.BUSY, refusal(server, ModelReference.parse("random:small")));
    }
  }

  @Test
  void aFailingClaudeIsNotReplacedByAToy() throws Exception {
    claude.answerAlways(
        ClaudeScript.codedError(429, "rate_limit_error", "enforced_spend_limit_reached"));
    Map<String, Object> settings =
        Map.of(
            "finch.download.offline", "on",
            "finch.supervisor.prepare", "cached",
            "finch.supervisor.demonstration", "on");
    try (RealServer server = start(settings)) {
      GenerateRequest bare =
          GenerateRequest.builder().user("What is 2+2?").demonstrationAllowed(true).build();
      CompletionException failed =
          assertThrows(
              CompletionException.class,
              () -> server.finch.askAsync(bare).toCompletableFuture().join());
      FinchException why = assertInstanceOf(FinchException.class, failed.getCause());

      assertEquals(FailureCode.CLAUDE_SPEND_LIMIT, why.failure().code());
    }
  }

  @Test
  void aRealLocalModelStillTakesOver() throws Exception {
    claude.answerAlways(
        ClaudeScript.codedError(429, "rate_limit_error", "enforced_spend_limit_reached"));
    Map<String, Object> settings =
        Map.of("finch.model", "random:small", "finch.routing.policy", "cloud-first");
    try (RealServer server = start(settings)) {
      server.awaitReady();
      Answer answer = server.finch.askAsync(GenerateRequest.of("hi")).toCompletableFuture().join();

      assertEquals(Provenance.Provider.LOCAL, answer.provenance().provider());
    }
  }

  private RealServer start(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>();
    all.put("finch.cloud.api-key", "sk-ant-test");
    all.put("finch.cloud.endpoint", claude.url());
    all.put("finch.cloud.retries.most", 0);
    all.put("finch.download.cache", directory.resolve("hub").toString());
    all.putAll(settings);
    return RealServer.start(all, directory);
  }
}
