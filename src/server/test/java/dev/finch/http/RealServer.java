package dev.finch.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.runtime.LocalFinch;
import dev.finch.settings.Section;
import dev.finch.streams.FinchSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Sink;

/** A front end on a free port over a real runtime, as {@code finch serve} puts them together. */
final class RealServer implements AutoCloseable {

  /** As README tells for Claude Code. */
  private static final String ALIASES = "finch.http.model-aliases { \"claude-*\" = auto }";

  final LocalFinch finch;
  final HttpFrontEnd frontEnd;
  private final HttpClient client = HttpClient.newHttpClient();

  private RealServer(LocalFinch finch, HttpFrontEnd frontEnd) {
    this.finch = finch;
    this.frontEnd = frontEnd;
  }

  /** The built-in model, and no cloud; waits until it is ready. */
  static RealServer builtin() throws IOException {
    RealServer server =
        start(Map.of("finch.model", "builtin", "finch.cloud.enabled", "off"), directory());
    server.awaitReady();
    return server;
  }

  /** What {@code settings} say, with everything that is written below {@code directory}. */
  static RealServer start(Map<String, Object> settings, Path directory) {
    Config config =
        ConfigFactory.parseMap(settings)
            .withFallback(ConfigFactory.parseString(ALIASES))
            .withFallback(
                ConfigFactory.parseMap(
                    Map.of(
                        "finch.http.port",
                        0,
                        "finch.http.heartbeat",
                        "100ms",
                        "finch.directories.state",
                        directory.resolve("state").toString(),
                        "finch.directories.cache",
                        directory.resolve("cache").toString())));
    LocalFinch finch = LocalFinch.start(config);
    Config whole = config.withFallback(ConfigFactory.defaultReference()).resolve();
    HttpSettings http = HttpSettings.from(Section.of(whole, "finch.http"));
    return new RealServer(
        finch, HttpFrontEnd.start(finch.system(), finch, http).toCompletableFuture().join());
  }

  private static Path directory() throws IOException {
    return Files.createTempDirectory("finch-http");
  }

  /** Waits until the local model is ready. */
  void awaitReady() {
    FinchSources.states(finch)
        .filter(state -> state.ready().isPresent())
        .runWith(Sink.head(), finch.system())
        .toCompletableFuture()
        .orTimeout(90, TimeUnit.SECONDS)
        .join();
  }

  String url() {
    return frontEnd.url();
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The lines of an answer that may be cut. */
  List<String> lines(String path, String body) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    try {
      client
          .send(
              request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
              HttpResponse.BodyHandlers.ofLines())
          .body()
          .forEach(lines::add);
    } catch (UncheckedIOException _) {
      lines.add("cut");
    }
    return lines;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
    frontEnd.stop().toCompletableFuture().join();
    finch.close();
  }
}
