package dev.finch.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.model.ModelReference;
import dev.finch.runtime.LocalFinch;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/** Measures what HTTP adds to the runtime; see {@code bench/http}. */
final class HttpBenchmark {

  private static final int ROUNDS = 7;
  private static final int REQUESTS = 4000;

  /** Tokens counted, and nanoseconds until the first. */
  private record Run(long tokens, long first) {}

  private final LocalFinch finch;
  private final ActorTestKit kit;
  private final HttpFrontEnd frontEnd;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int tokens;

  private HttpBenchmark(LocalFinch finch, ActorTestKit kit, HttpFrontEnd frontEnd, int tokens) {
    this.finch = finch;
    this.kit = kit;
    this.frontEnd = frontEnd;
    this.tokens = tokens;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("finch-bench");
    Config config =
        ConfigFactory.parseMap(
            Map.of(
                "finch.model",
                "random:small",
                "finch.cloud.enabled",
                "off",
                "finch.directories.state",
                directory.resolve("state").toString(),
                "finch.directories.cache",
                directory.resolve("cache").toString()));
    ActorTestKit kit = ActorTestKit.create();
    try (LocalFinch finch = LocalFinch.start(config)) {
      finch.load(ModelReference.parse("random:small")).toCompletableFuture().join();
      HttpFrontEnd frontEnd =
          HttpFrontEnd.start(kit.system(), finch, Server.settings("")).toCompletableFuture().join();
      new HttpBenchmark(finch, kit, frontEnd, Integer.parseInt(args[0])).measure();
      frontEnd.stop().toCompletableFuture().join();
    } finally {
      kit.shutdownTestKit();
    }
  }

  private void measure() throws Exception {
    trivial();
    System.out.printf("GET /health/live, one connection: %.0f requests/s%n", trivial());
    for (int streams : new int[] {1, 8}) {
      double[] direct = new double[ROUNDS];
      double[] http = new double[ROUNDS];
      double[] directFirst = new double[ROUNDS];
      double[] httpFirst = new double[ROUNDS];
      round(streams, this::direct);
      round(streams, this::overHttp);
      for (int i = 0; i < ROUNDS; i++) {
        double[] a = round(streams, this::direct);
        double[] b = round(streams, this::overHttp);
        direct[i] = a[0];
        directFirst[i] = a[1];
        http[i] = b[0];
        httpFirst[i] = b[1];
      }
      System.out.printf(
          "%d streams: %.0f tokens/s direct, %.0f over HTTP (%.1f %%); first token %.2f ms and"
              + " %.2f ms (medians of %d)%n",
          streams,
          median(direct),
          median(http),
          100 * median(http) / median(direct),
          median(directFirst),
          median(httpFirst),
          ROUNDS);
    }
  }

  private double trivial() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(frontEnd.url() + "/health/live")).build();
    long start = System.nanoTime();
    for (int i = 0; i < REQUESTS; i++) {
      client.send(request, HttpResponse.BodyHandlers.discarding());
    }
    return REQUESTS / seconds(System.nanoTime() - start);
  }

  /** Tokens a second of all streams, and milliseconds to the first token, on average. */
  private static double[] round(int streams, Supplier<CompletionStage<Run>> stream) {
    List<CompletableFuture<Run>> runs = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < streams; i++) {
      runs.add(stream.get().toCompletableFuture());
    }
    long tokens = 0;
    double first = 0;
    for (CompletableFuture<Run> run : runs) {
      tokens += run.join().tokens();
      first += run.join().first() / 1e6 / streams;
    }
    return new double[] {tokens / seconds(System.nanoTime() - start), first};
  }

  private CompletionStage<Run> direct() {
    GenerateRequest request =
        GenerateRequest.builder()
            .user("hi")
            .sampling(Sampling.builder().maxTokens(tokens).seed(7L).build())
            .build();
    long start = System.nanoTime();
    long[] seen = new long[2];
    return finch.stream(request)
        .runForeach(
            event -> {
              if (event instanceof AnswerEvent.Delta && seen[1] == 0) {
                seen[1] = System.nanoTime() - start;
              }
              if (event instanceof AnswerEvent.Finished finished) {
                seen[0] = finished.usage().completionTokens();
              }
            },
            kit.system())
        .thenApply(_ -> new Run(seen[0], seen[1]));
  }

  private CompletionStage<Run> overHttp() {
    String body =
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"seed\":7,\"max_tokens\":"
            + tokens
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(frontEnd.url() + "/v1/chat/completions"))
            .timeout(Duration.ofMinutes(2))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    long start = System.nanoTime();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
        .thenApplyAsync(response -> read(response, start));
  }

  private static Run read(HttpResponse<java.util.stream.Stream<String>> response, long start) {
    long[] seen = new long[2];
    response
        .body()
        .forEach(
            line -> {
              if (seen[1] == 0 && line.contains("\"content\":\"") && !line.contains("\"role\"")) {
                seen[1] = System.nanoTime() - start;
              }
              int at = line.indexOf("\"completion_tokens\":");
              if (at >= 0) {
                String rest = line.substring(at + "\"completion_tokens\":".length());
                seen[0] = Long.parseLong(rest.split("[,}]")[0]);
              }
            });
    return new Run(seen[0], seen[1]);
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
