package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many streams at once, each of a slow model's pace. */
final class LoadIT {

  private static final int STREAMS = 200;
  private static final Duration PACE = Duration.ofMillis(100);
  private static final Server SERVER = Server.start("");

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void twoHundredStreamsForTenSecondsAllEndWholeAndAlike() {
    stream(100);
  }

  @Test
  @Tag("soak")
  void twoHundredStreamsForTwoMinutesLeaveMemoryFlat() {
    stream(100);
    long before = used();
    stream(1200);
    assertTrue(used() - before < 48L << 20, "heap grew");
  }

  private static void stream(int tokens) {
    SERVER.finch.script(
        _ ->
            ScriptedFinch.says("token ".repeat(tokens).split("(?<= )"))
                .zipWith(Source.tick(Duration.ZERO, PACE, 0), (event, _) -> event));
    List<CompletableFuture<Integer>> streams = new ArrayList<>();
    long start = System.nanoTime();
    List<Long> ends = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < STREAMS; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(SERVER.uri("/v1/chat/completions"))
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
              .build();
      streams.add(
          SERVER
              .client
              .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
              .thenApply(
                  response -> (int) response.body().filter(l -> l.contains("\"token \"")).count())
              .whenComplete((_, _) -> ends.add(System.nanoTime() - start)));
    }
    for (CompletableFuture<Integer> stream : streams) {
      assertEquals(tokens, stream.join());
    }
    long first = ends.stream().mapToLong(Long::longValue).min().orElseThrow();
    long last = ends.stream().mapToLong(Long::longValue).max().orElseThrow();
    assertTrue(last < 2 * first, "streams of equal work ended " + first + " to " + last);
  }

  private static long used() {
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
