package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.download.LoopbackHub;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model answers to each of its names: it is its files, whatever it is called. */
final class OneModelIT {

  private static final String CHAT =
      "{\"model\":\"%s\",\"max_tokens\":4,\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final List<String> NAMES =
      List.of(
          "hf:acme/chat-GGUF",
          "hf:acme/chat-GGUF:q8_0",
          "hf:acme/chat-GGUF:chat-Q8_0.gguf",
          "hf:acme/chat-GGUF@main",
          "hf:acme/chat-GGUF:Q8_0@main",
          "hf.co/acme/chat-GGUF",
          "hf.co/acme/chat-GGUF:Q8_0",
          "hf.co/acme/chat-GGUF:latest",
          "acme/chat-GGUF");

  @TempDir private Path directory;
  private final LoopbackHub hub = LoopbackHub.start();
  private Path file;

  @BeforeEach
  void serveTheModel() throws IOException {
    file = directory.resolve("chat-Q8_0.gguf");
    try (InputStream model =
        OneModelIT.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      Files.copy(model, file);
    }
    hub.serve("acme/chat-GGUF", "chat-Q8_0.gguf", file);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void theLoadedModelAnswersToAllItsNamesAndToThoseThatAreListed() throws Exception {
    try (RealServer server = start("hf:acme/chat-GGUF", "reject")) {
      server.awaitReady();
      for (String name : NAMES) {
        assertAnswered(server, name);
      }
      JsonNode ids = Json.read(server.get("/v1/models").body()).get("data");
      assertEquals(3, ids.size(), "auto, local and one name of the one model: " + ids);
      for (JsonNode model : ids) {
        assertAnswered(server, model.get("id").asText());
        assertEquals(200, server.get("/v1/models/" + model.get("id").asText()).statusCode());
      }
      JsonNode tags = Json.read(server.get("/api/tags").body()).get("models");
      for (JsonNode model : tags) {
        assertAnswered(server, model.get("name").asText());
        assertEquals("qwen2", model.at("/details/family").asText(), model.toString());
        assertEquals(sha256(), model.get("digest").asText());
      }
      for (String other :
          List.of("hf:acme/chat-GGUF:q4_0", "hf:acme/other-GGUF", "qwen2.5-0.5b:q8_0")) {
        HttpResponse<String> refused = chat(server, other);
        assertEquals(503, refused.statusCode(), refused.body());
        assertTrue(refused.body().contains(other + " is not loaded"), refused.body());
      }
      for (String none :
          List.of("qwen2.5-0.6b:q8_0", "qwen2.5-0.5b:q9_9", "qwen9:q8_0", "gpt-4o")) {
        assertEquals(404, chat(server, none).statusCode(), none);
      }
      assertTrue(chat(server, "qwen2.5-0.6b:q8_0").body().contains("qwen2.5-0.5b"));
      assertEquals(404, server.get("/v1/models/hf:acme/other-GGUF").statusCode());
    }
  }

  @Test
  void aRepositoryThatIsNamedIsLoadedWhereNamesLoad() throws Exception {
    try (RealServer server = start("builtin", "load")) {
      server.awaitReady();
      assertAnswered(server, "hf:acme/chat-GGUF");
    }
  }

  @Test
  void whatWasPulledUnderANameIsShownAndLoadedUnderIt() throws Exception {
    try (RealServer server = start("builtin", "load")) {
      server.awaitReady();
      String name = "hf:acme/chat-GGUF";
      String pull = "{\"model\":\"" + name + "\",\"stream\":false}";
      assertEquals(200, server.post("/api/pull", pull).statusCode());

      JsonNode shown = Json.read(server.post("/api/show", pull).body());
      assertEquals("Q8_0", shown.at("/details/quantization_level").asText(), shown.toString());
      assertTrue(shown.get("template").asText().contains("{%"), shown.toString());
      assertEquals("qwen2", shown.at("/model_info/general.architecture").asText());
      assertTrue(shown.at("/model_info/qwen2.block_count").isIntegralNumber(), shown.toString());
      assertEquals(404, server.post("/api/show", "{\"model\":\"qwen2.5-3b\"}").statusCode());
      for (String each : NAMES) {
        assertAnswered(server, each);
      }
      assertAnswered(server, "builtin");
    }
  }

  private static void assertAnswered(RealServer server, String name) throws Exception {
    HttpResponse<String> answer = chat(server, name);
    assertEquals(200, answer.statusCode(), name + ": " + answer.body());
    assertEquals("local", answer.headers().firstValue("X-Finch-Served-By").orElse(""));
  }

  private static HttpResponse<String> chat(RealServer server, String name) throws Exception {
    return server.post(
        "/v1/chat/completions", CHAT.formatted(name), "X-Finch-When-Not-Ready", "wait");
  }

  private String sha256() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }

  private RealServer start(String model, String requested) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("finch.model", model);
    settings.put("finch.cloud.enabled", "off");
    settings.put("finch.download.endpoint", hub.endpoint());
    settings.put("finch.download.cache", directory.resolve("hub").toString());
    settings.put("finch.routing.requested-model", requested);
    return RealServer.start(settings, directory);
  }
}
