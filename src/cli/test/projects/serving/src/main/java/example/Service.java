package example;

import com.typesafe.config.ConfigFactory;
import dev.finch.http.HttpFrontEnd;
import dev.finch.http.HttpSettings;
import dev.finch.runtime.LocalFinch;
import dev.finch.settings.Section;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;

/** Serves the built-in model and asks over HTTP, once for an answer and once for the counts. */
public final class Service {

  private static final String QUESTION =
      "{\"model\":\"builtin\",\"messages\":"
          + "[{\"role\":\"user\",\"content\":\"What is the capital of France?\"}]}";

  private Service() {}

  public static void main(String[] args) throws Exception {
    String directory = Path.of(args[0]).toString();
    var settings =
        ConfigFactory.parseMap(
                Map.of(
                    "finch.model",
                    "builtin",
                    "finch.cloud.enabled",
                    "off",
                    "finch.http.port",
                    0,
                    "finch.directories.state",
                    directory,
                    "finch.directories.cache",
                    directory))
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    try (LocalFinch finch = LocalFinch.start(settings);
        HttpClient client = HttpClient.newHttpClient()) {
      HttpFrontEnd frontEnd =
          HttpFrontEnd.start(
                  finch.system(), finch, HttpSettings.from(Section.of(settings, "finch.http")))
              .toCompletableFuture()
              .join();
      System.out.println(
          send(
              client,
              HttpRequest.newBuilder(URI.create(frontEnd.url() + "/v1/chat/completions"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(QUESTION))));
      System.out.println(
          send(client, HttpRequest.newBuilder(URI.create(frontEnd.url() + "/metrics"))));
      frontEnd.stop().toCompletableFuture().join();
    }
  }

  private static String send(HttpClient client, HttpRequest.Builder request) throws Exception {
    var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }
}
