package dev.finch.hostility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Asks greedily, in every dialect, streamed and not. */
final class HonestClient implements AutoCloseable {

  /** One way to ask. */
  record Way(String path, boolean streamed) {}

  static final List<Way> WAYS =
      List.of(
          new Way("/v1/chat/completions", false),
          new Way("/v1/chat/completions", true),
          new Way("/v1/messages", false),
          new Way("/v1/messages", true),
          new Way("/api/chat", false),
          new Way("/api/chat", true));

  static final List<String> QUESTIONS =
      List.of(
          "What is the capital of France?",
          "Hello",
          "What is the capital of Japan?",
          "What color is the sky?");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI address;
  private final Duration patience;
  private final HttpClient client = HttpClient.newHttpClient();

  HonestClient(URI address, Duration patience) {
    this.address = address;
    this.patience = patience;
  }

  /** The text of the answer, or what came in its place. */
  String ask(Way way, String question) throws IOException, InterruptedException {
    String body =
        "{\"model\":\"builtin\",\"max_tokens\":24,\"temperature\":0,\"stream\":"
            + way.streamed()
            + ",\"options\":{\"temperature\":0,\"num_predict\":24},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\""
            + question
            + "\"}]}";
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(way.path()))
            .header("x-api-key", ServedFinch.HONEST_KEY)
            .header("Content-Type", "application/json")
            .timeout(patience)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      return response.statusCode() + " " + response.body();
    }
    return way.streamed() ? streamed(response.body()) : text(JSON.readTree(response.body()));
  }

  private static String streamed(String body) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : body.lines().toList()) {
      String json = line.startsWith("data: ") ? line.substring(6) : line;
      if (json.startsWith("{")) {
        text.append(text(JSON.readTree(json)));
      }
    }
    return text.toString();
  }

  private static String text(JsonNode json) {
    if (json.has("error")) {
      return json.toString();
    }
    return json.at("/choices/0/message/content").asText()
        + json.at("/choices/0/delta/content").asText()
        + json.at("/content/0/text").asText()
        + json.at("/delta/text").asText()
        + json.at("/message/content").asText("");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
