package dev.finch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * llama.cpp's own {@code llama-server} on the same file and threads, over HTTP, in turns with the
 * Loader.
 */
record LlamaServerTool(Path tool) implements Bench.Part {

  private static final List<Integer> WIDTHS = List.of(1, 4);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public void run(Bench bench) throws Exception {
    try (var loaded = bench.kit().load(bench.model(), bench.settings(4, 512))) {
      int port = freePort();
      Process server = start(bench, loaded.ready.info().threads(), port);
      try {
        awaitReady(port);
        warmUp(loaded, port);
        for (int width : WIDTHS) {
          compare(bench, loaded, port, width);
        }
      } finally {
        server.destroy();
        server.waitFor();
      }
    }
  }

  private static void warmUp(LoaderKit.Loaded loaded, int port) {
    loaded.ask(Bench.request("warm up", 2));
    complete(port, "warm up", 2).join();
  }

  private static void compare(Bench bench, LoaderKit.Loaded loaded, int port, int width)
      throws Exception {
    Bench.Cost finch = new Bench.Cost(Double.MAX_VALUE, Double.MAX_VALUE);
    Bench.Cost server = finch;
    for (int round = 0; round < bench.rounds(); round++) {
      finch = finch.best(Bench.measure(() -> Bench.answers(loaded, width, bench.tokens())));
      server = server.best(Bench.measure(() -> answers(port, width, bench.tokens())));
    }
    Bench.print(
        "  %d sequences: Loader %5.1f tokens/s, llama-server %5.1f tokens/s by the clock",
        width, 1 / finch.wall(), 1 / server.wall());
  }

  private static long answers(int port, int width, int tokens) {
    List<CompletableFuture<JsonNode>> answers =
        IntStream.range(0, width).mapToObj(s -> complete(port, Bench.prompt(s), tokens)).toList();
    return answers.stream().mapToLong(each -> each.join().get("tokens_predicted").asLong()).sum();
  }

  private static CompletableFuture<JsonNode> complete(int port, String prompt, int tokens) {
    String body =
        JSON.createObjectNode()
            .put("prompt", prompt)
            .put("n_predict", tokens)
            .put("temperature", 0)
            .put("ignore_eos", true)
            .put("cache_prompt", false)
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/completion"))
            .POST(BodyPublishers.ofString(body))
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString()).thenApply(each -> parsed(each.body()));
  }

  private static JsonNode parsed(String body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException(body, e);
    }
  }

  private Process start(Bench bench, int threads, int port) throws IOException {
    return new ProcessBuilder(
            tool.toString(),
            "-m",
            bench.model().files().getFirst().toString(),
            "-t",
            String.valueOf(threads),
            "-c",
            "2048",
            "-np",
            "4",
            "--host",
            "127.0.0.1",
            "--port",
            String.valueOf(port))
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  private static void awaitReady(int port) throws InterruptedException {
    HttpRequest health =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
    long end = System.nanoTime() + LoaderKit.PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (HTTP.send(health, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet.
      }
      LockSupport.parkNanos(100_000_000);
    }
    throw new IllegalStateException("llama-server did not become ready");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
