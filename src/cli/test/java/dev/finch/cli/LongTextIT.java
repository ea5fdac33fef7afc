package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long runs of one kind of character end neither a server nor a command. */
final class LongTextIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> RUNS =
      List.of(
          "a".repeat(4_000),
          "-".repeat(4_000),
          "[".repeat(5_000),
          "=".repeat(20_000),
          "😀".repeat(5_000),
          "漢".repeat(20_000),
          "中文".repeat(8_000),
          "ACGT".repeat(10_000),
          " ".repeat(50_000),
          "\n".repeat(50_000),
          " \n".repeat(25_000),
          "0".repeat(50_000),
          "a=".repeat(50_000),
          "e\u0301".repeat(5_000),
          "\ud800".repeat(5_000),
          "\u0000".repeat(5_000));

  private static final Map<String, Function<String, ObjectNode>> SURFACES =
      Map.of(
          "/v1/chat/completions", text -> chat("user", text),
          "/v1/completions", text -> body().put("prompt", text).put("max_tokens", 2),
          "/v1/embeddings", text -> body().put("input", text),
          "/v1/messages", text -> chat("user", text),
          "/v1/messages/count_tokens", text -> chat("user", text),
          "/api/chat", text -> chat("user", text).put("stream", false),
          "/api/generate", text -> body().put("prompt", text).put("stream", false),
          "/api/embed", text -> body().put("input", text),
          "/v1/responses", text -> body().put("input", text).put("max_output_tokens", 16));

  @TempDir Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private ServerProcess server;
  private URI address;

  @BeforeEach
  void serve() throws IOException {
    ProcessBuilder builder = finch("serve", "--port", "0", "--model", "builtin");
    server = ServerProcess.start(builder.redirectOutput(ProcessBuilder.Redirect.DISCARD));
    address = server.address();
  }

  @AfterEach
  void kill() throws InterruptedException {
    client.shutdownNow();
    server.close();
  }

  @Test
  void aServerAnswersOnWhateverWasSent() throws Exception {
    for (var surface : SURFACES.entrySet()) {
      for (String run : RUNS) {
        int status = post(surface.getKey(), surface.getValue().apply(run)).statusCode();
        String what = surface.getKey() + " " + run.codePointAt(0) + " x " + run.length();
        assertTrue(status == 200 || status == 400 || status == 413, what + ": " + status);
      }
      requireRightAnswer(surface.getKey());
    }
  }

  @Test
  void longArgumentsOfAToolCallAreReadAndCounted() throws Exception {
    for (String value : List.of("a".repeat(6_000), "漢".repeat(9_000), "[".repeat(5_000))) {
      ObjectNode request = chat("user", "Hi");
      ObjectNode call = request.withArray("messages").addObject().put("role", "assistant");
      call.withArray("tool_calls")
          .addObject()
          .put("id", "1")
          .put("type", "function")
          .putObject("function")
          .put("name", "f")
          .put("arguments", JSON.createObjectNode().put("x", value).toString());
      request
          .withArray("messages")
          .addObject()
          .put("role", "tool")
          .put("tool_call_id", "1")
          .put("content", value);
      assertEquals(400, post("/v1/chat/completions", request).statusCode());
    }
    requireRightAnswer("tool calls");
  }

  @Test
  void aCommandSaysThatItsPromptIsTooLong() throws Exception {
    for (String run : List.of("a".repeat(4_000), "中文".repeat(8_000), "-".repeat(40_000))) {
      Distribution.Result result =
          Distribution.run(finch("-q", "-m", "builtin", "Read this."), run);
      assertEquals(1, result.code(), result.toString());
      assertTrue(result.err().contains("1,024"), result.err());
    }
  }

  private void requireRightAnswer(String after) throws Exception {
    ObjectNode question = chat("user", "What is the capital of France?").put("temperature", 0);
    question.put("max_tokens", 64);
    JsonNode answer = JSON.readTree(post("/v1/chat/completions", question).body());
    assertEquals(
        "The capital of France is Paris.",
        answer.at("/choices/0/message/content").asText(),
        () -> "after " + after + ": " + answer);
  }

  private HttpResponse<String> post(String path, ObjectNode body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(address.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static ObjectNode body() {
    return JSON.createObjectNode().put("model", "builtin");
  }

  private static ObjectNode chat(String role, String text) {
    ObjectNode body = body().put("max_tokens", 2);
    body.putArray("messages").addObject().put("role", role).put("content", text);
    return body;
  }

  private ProcessBuilder finch(String... arguments) {
    return new Distribution(Distribution.assembled(), directory).process(arguments);
  }
}
