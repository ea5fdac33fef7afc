package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.network.CautiousTransport;
import dev.finch.network.ClientEngines;
import dev.finch.wire.FinchJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Requests to one server, and what its responses mean. Thread-safe. */
final class Wire {

  private static final int LONGEST_LINE = 64 << 20;
  private static final int CONNECTIONS = 256;
  private static final int WAITING = 1024;

  // The server may be closing a kept connection. Only what may be asked twice is asked again.
  private static final int RETRIES = 2;

  private static final int BODY_MILLIS = 60_000;
  private static final int LONGEST_BODY = 64 << 20;

  /** Longer than any server's heartbeat, so that only a dead connection is silent for so long. */
  private static final int SILENCE_SECONDS = 120;

  private static final Connection ALONE = Connection.create("close");
  private static final ByteString NEWLINE = ByteString.fromString("\n");

  private final ActorSystem<?> system;
  private final Http http;
  private final ConnectionPoolSettings settings;
  private final ServerAddress server;
  private final @Nullable String key;
  private final @Nullable Host host;

  Wire(ActorSystem<?> system, ServerAddress server, @Nullable String key) {
    this.system = system;
    this.http = Http.get(system);
    this.server = server;
    this.key = key;
    this.host =
        server.secure()
            ? CautiousTransport.hostHeader(server.url().getHost(), server.port())
            : null;
    var silence = scala.concurrent.duration.Duration.create(SILENCE_SECONDS, TimeUnit.SECONDS);
    this.settings =
        ConnectionPoolSettings.create(system.classicSystem())
            .withMaxConnections(CONNECTIONS)
            .withMaxOpenRequests(WAITING)
            .withMaxRetries(RETRIES)
            .withConnectionSettings(
                ClientConnectionSettings.create(system.classicSystem())
                    .withSocketOptions(List.of(TcpSO.tcpNoDelay(true)))
                    .withTransport(transport(system, server))
                    .withIdleTimeout(silence));
  }

  HttpRequest get(String path) {
    return authorized(HttpRequest.GET(address(path)));
  }

  HttpRequest post(String path, JsonNode body) {
    return authorized(
        HttpRequest.POST(address(path))
            .withEntity(
                HttpEntities.create(
                    ContentTypes.APPLICATION_JSON, ByteString.fromString(body.toString()))));
  }

  /** TLS is the transport's; to Pekko HTTP all connections are plain. */
  private String address(String path) {
    URI address = server.url().resolve(path);
    return host == null
        ? address.toString()
        : "http://" + server.url().getHost() + ":" + server.port() + address.getRawPath();
  }

  private static ClientTransport transport(ActorSystem<?> system, ServerAddress server) {
    InetAddress own = server.own();
    ClientTransport way =
        own == null
            ? ClientTransport.TCP()
            : ClientTransport.withCustomResolver(
                (_, _) ->
                    CompletableFuture.completedFuture(new InetSocketAddress(own, server.port())));
    return server.secure()
        ? CautiousTransport.secure(way, new ClientEngines(system))
        : CautiousTransport.plain(way);
  }

  private HttpRequest authorized(HttpRequest request) {
    HttpRequest named = host == null ? request : request.addHeader(host);
    return key == null
        ? named
        : named.addHeader(RawHeader.create("Authorization", "Bearer " + key));
  }

  /** A response of one JSON value. */
  CompletionStage<JsonNode> json(HttpRequest request) {
    return sent(request).thenCompose(this::body).thenApply(body -> value(body, JsonNode.class));
  }

  /**
   * What a server said, as a value.
   *
   * @throws FinchException with {@code PROVIDER_LOST} where it is none: then no Finch answers there
   */
  <T> T value(JsonNode json, Class<T> type) {
    return value(() -> FinchJson.read(json, type));
  }

  /** {@link #value(JsonNode, Class)} of a text. */
  <T> T value(String json, Class<T> type) {
    return value(() -> FinchJson.read(json, type));
  }

  private <T> T value(Supplier<@Nullable T> reading) {
    T value = null;
    try {
      value = reading.get();
    } catch (IllegalArgumentException _) {
      // Said below, without words of a library.
    }
    if (value == null) {
      throw new FinchException(stranger("answered with something that Finch never says"));
    }
    return value;
  }

  /** A response of one JSON object a line; a failure in it fails the stream. */
  Source<JsonNode, NotUsed> lines(HttpRequest request) {
    return text(request)
        .map(line -> value(line, JsonNode.class))
        .map(
            line -> {
              if (line.has("failure") && !line.has("type")) {
                throw new FinchException(value(line.get("failure"), Failure.class));
              }
              return line;
            });
  }

  /** The data of a response of server-sent events. */
  Source<String, NotUsed> events(HttpRequest request) {
    return text(request)
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()));
  }

  /**
   * On a connection of its own: the pool takes a response that was given up for one that has ended,
   * and would send the next request on a connection that is being closed.
   */
  private Source<String, NotUsed> text(HttpRequest request) {
    HttpRequest alone = request.addHeader(ALONE);
    return Source.completionStageSource(sent(alone).thenApply(this::rawLines))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private Source<String, NotUsed> rawLines(HttpResponse response) {
    return response
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .via(Framing.delimiter(NEWLINE, LONGEST_LINE, FramingTruncation.ALLOW))
        .map(line -> line.decodeString(StandardCharsets.UTF_8))
        .filterNot(String::isBlank)
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private CompletionStage<HttpResponse> sent(HttpRequest request) {
    return http.singleRequest(
            request, http.defaultClientHttpsContext(), settings, system.classicSystem().log())
        .exceptionally(
            thrown -> {
              throw new CompletionException(unreachable(thrown));
            })
        .thenCompose(this::checked);
  }

  private CompletionStage<HttpResponse> checked(HttpResponse response) {
    if (response.status().isSuccess()) {
      return CompletableFuture.completedFuture(response);
    }
    int status = response.status().intValue();
    return body(response)
        .thenApply(
            body -> {
              throw new FinchException(refused(status, body));
            });
  }

  private CompletionStage<String> body(HttpResponse response) {
    return response
        .entity()
        .toStrict(BODY_MILLIS, LONGEST_BODY, system)
        .thenApply(strict -> strict.getData().decodeString(StandardCharsets.UTF_8))
        .exceptionally(
            thrown -> {
              throw new FinchException(
                  stranger("answered with more than a Finch says, or never came to an end"),
                  thrown);
            });
  }

  private Failure refused(int status, String body) {
    try {
      return value(value(body, JsonNode.class).path("failure"), Failure.class);
    } catch (FinchException _) {
      return stranger("answered with status " + status + " and nothing that Finch says");
    }
  }

  private Failure stranger(String did) {
    return Failure.permanent(
        FailureCode.PROVIDER_LOST,
        server.url() + " " + did + ".",
        "Is it a `finch serve`? Check the address and the port.");
  }

  private FinchException unreachable(Throwable thrown) {
    return new FinchException(
        Failure.passing(
            FailureCode.PROVIDER_LOST,
            "No Finch can be reached at " + server.url() + ".",
            "Start one with `finch serve`, or check the address."),
        thrown);
  }
}
