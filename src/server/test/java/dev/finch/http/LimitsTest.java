package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitsTest {

  private static final String PATH = "/v1/chat/completions";
  private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String[] ANN = {"x-api-key", "key-of-ann"};
  private static final String[] BOB = {"x-api-key", "key-of-bob"};

  @Test
  void boundsTheAnswersOfOneKeyAndOfAll() throws Exception {
    try (Server server =
        Server.start(
            """
            finch.http.api-keys = ["ann=key-of-ann", "bob=key-of-bob"]
            finch.http.limits { answers = 3, answers-per-key = 2 }
            """)) {
      server.finch.script(_ -> Source.never());
      ask(server, ANN);
      ask(server, ANN);
      Await.until(() -> server.finch.running.get() == 2);
      HttpResponse<String> tooMany = server.post(PATH, BODY, ANN);
      ask(server, BOB);
      Await.until(() -> server.finch.running.get() == 3);
      HttpResponse<String> full = server.post(PATH, BODY, BOB);

      assertEquals(429, tooMany.statusCode());
      assertEquals("1", tooMany.headers().firstValue("Retry-After").orElseThrow());
      assertEquals(503, full.statusCode());
      assertEquals(200, server.get("/health/live").statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "depth, its depth is 201, at most 200",
    "tokens, the number of its tokens is 1000001, at most 1000000",
    "name, the length of a name is , at most 50000",
    "number, the length of a number is 400, at most 100",
    "fraction, the length of a number is , at most 100",
  })
  void saysWhichBoundJsonIsBeyond(String which, String found, String expected) throws Exception {
    String value =
        switch (which) {
          case "depth" -> "[".repeat(300) + "]".repeat(300);
          case "tokens" -> "[" + "1,".repeat(1_000_001) + "1]";
          case "name" -> "{\"" + "n".repeat(200_000) + "\":1}";
          case "number" -> "1".repeat(400);
          default -> "0." + "1".repeat(400);
        };
    try (Server server = Server.start("")) {
      for (String path : new String[] {PATH, "/v1/messages", "/api/chat"}) {
        HttpResponse<String> refused = server.post(path, "{\"x\":" + value + "}");
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains(found), refused.body());
        assertTrue(refused.body().contains(expected), refused.body());
      }
    }
  }

  @Test
  void drainsWhatRunsAndRefusesWhatComes() throws Exception {
    try (Server server = Server.start("")) {
      CompletableFuture<Done> goOn = new CompletableFuture<>();
      server.finch.script(
          _ ->
              Source.completionStageSource(
                      goOn.thenApply(_ -> ScriptedFinch.says("whole ", "answer")))
                  .mapMaterializedValue(_ -> org.apache.pekko.NotUsed.getInstance()));
      server.get("/health/live");
      var running = ask(server);
      Await.until(() -> server.finch.running.get() == 1);
      CompletionStage<Done> stopped = server.frontEnd.stop();
      assertEquals(stopped, server.frontEnd.stop());
      Await.until(() -> refused(server));
      goOn.complete(Done.getInstance());

      assertTrue(running.join().body().contains("whole answer"));
      stopped.toCompletableFuture().join();
      assertThrows(IOException.class, () -> server.get("/health/live"));
    }
  }

  @Test
  void cutsWhatOutlivesTheDrain() {
    try (Server server = Server.start("finch.http.drain = 200ms")) {
      server.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(5)));
      CompletableFuture<HttpResponse<String>> running = ask(server, true);
      Await.until(() -> server.finch.running.get() == 1);
      server.frontEnd.stop().toCompletableFuture().join();

      Await.until(() -> server.finch.running.get() == 0);
      Await.until(running::isDone);
    }
  }

  /** Existing connections are told; new ones find nobody. */
  private static boolean refused(Server server) {
    try {
      return server.post(PATH, BODY).statusCode() == 503;
    } catch (IOException e) {
      return true;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static CompletableFuture<HttpResponse<String>> ask(Server server, String... headers) {
    return ask(server, false, headers);
  }

  private static CompletableFuture<HttpResponse<String>> ask(
      Server server, boolean stream, String... headers) {
    String body = stream ? BODY.replace("{\"m", "{\"stream\":true,\"m") : BODY;
    var request =
        java.net.http.HttpRequest.newBuilder(server.uri(PATH))
            .header("Content-Type", "application/json")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return server.client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
