package dev.finch.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.settings.Section;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/** A front end on a free port with a client of the JDK, over a runtime that a test scripts. */
final class Server implements AutoCloseable {

  final ActorTestKit kit;
  final ScriptedFinch finch;
  final HttpFrontEnd frontEnd;
  final HttpClient client = HttpClient.newHttpClient();

  private Server(ActorTestKit kit, String settings) {
    this.kit = kit;
    this.finch = new ScriptedFinch(kit.system());
    this.frontEnd =
        HttpFrontEnd.start(kit.system(), finch, settings(settings)).toCompletableFuture().join();
  }

  static Server start(String settings) {
    return new Server(ActorTestKit.create(), settings);
  }

  static HttpSettings settings(String settings) {
    Config config =
        ConfigFactory.parseString("finch.http { port = 0, heartbeat = 100ms }")
            .withFallback(ConfigFactory.parseResources("reference.conf"));
    Config own = ConfigFactory.parseString(settings).withFallback(config);
    return HttpSettings.from(Section.of(own.resolve(), "finch.http"));
  }

  URI uri(String path) {
    return URI.create(frontEnd.url() + path);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)), headers);
  }

  HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
    try {
      frontEnd.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException
        | InterruptedException e) {
      throw new IllegalStateException("The front end did not stop", e);
    } finally {
      kit.shutdownTestKit();
    }
  }
}
