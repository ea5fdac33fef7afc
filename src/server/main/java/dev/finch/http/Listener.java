package dev.finch.http;

import dev.finch.network.Portions;
import dev.finch.network.SecureBytes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections and gives each its layers: TCP, TLS where it is configured, {@link Portions},
 * HTTP/1.1, the {@link RequestPipeline}. Pekko HTTP's own server has no place for a layer between
 * the network and its parser, and speaks nothing here that its {@code serverLayer} does not.
 * Thread-safe.
 */
final class Listener {

  /** Answers that a connection may be asked for before the first is through. */
  private static final int PIPELINE = 4;

  private static final int BACKLOG = 1024;

  /** What stands for TLS above the portions, which are of plain bytes. */
  private static final BidiFlow<
          TLSProtocol.SslTlsOutbound, ByteString, ByteString, TLSProtocol.SslTlsInbound, NotUsed>
      PLACEBO =
          BidiFlow.fromFlows(
                  Flow.of(TLSProtocol.SslTlsOutbound.class),
                  Flow.of(TLSProtocol.SessionBytes.class)
                      .map(bytes -> (TLSProtocol.SslTlsInbound) bytes))
              .atop(TLSPlacebo.getInstance());

  private final Tcp.ServerBinding binding;
  private final SharedKillSwitch end;
  private final CompletionStage<Done> ended;

  private Listener(Tcp.ServerBinding binding, SharedKillSwitch end, CompletionStage<Done> ended) {
    this.binding = binding;
    this.end = end;
    this.ended = ended;
  }

  /** Listens; fails where the port cannot be had. */
  static CompletionStage<Listener> bind(
      ActorSystem<?> system, HttpSettings settings, RequestPipeline pipeline) {
    SharedKillSwitch end = KillSwitches.shared("finch-http");
    Layers layers = new Layers(system, settings, pipeline, end);
    Pair<CompletionStage<Tcp.ServerBinding>, CompletionStage<Done>> run =
        Tcp.get(system)
            .bind(
                settings.host(),
                settings.port(),
                BACKLOG,
                List.of(TcpSO.tcpNoDelay(true)),
                false,
                Optional.empty())
            .mapAsyncUnordered(settings.limits().connections(), layers::run)
            .toMat(Sink.ignore(), Keep.both())
            .run(system);
    return run.first().thenApply(binding -> new Listener(binding, end, run.second()));
  }

  InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Takes no new connections. */
  CompletionStage<Done> unbind() {
    return binding.unbind().thenApply(_ -> Done.getInstance());
  }

  /** Ends all connections; completes when they have ended. */
  CompletionStage<Done> close() {
    end.shutdown();
    return ended.exceptionally(_ -> Done.getInstance());
  }

  /** What every connection is made of. */
  private static final class Layers {
    private static final String PEKKO_ERROR = "HTTP/1.1 500 Internal Server Error\r\n";
    private static final int MOST_ERROR = 256;
    private static final ByteString BAD_REQUEST =
        ByteString.fromString(
            """
            HTTP/1.1 400 Bad Request\r
            Connection: close\r
            Content-Type: application/json\r
            Cross-Origin-Resource-Policy: same-origin\r
            X-Content-Type-Options: nosniff\r
            Content-Length: 53\r
            \r
            {"error":{"message":"The request is not valid HTTP"}}\
            """);
    private static final BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed>
        CORRECTED =
            BidiFlow.fromFlows(
                Flow.of(ByteString.class).map(Layers::corrected), Flow.of(ByteString.class));

    private final ActorSystem<?> system;
    private final HttpSettings settings;
    private final RequestPipeline pipeline;
    private final SharedKillSwitch end;
    private final ServerSettings serverSettings;
    private final @Nullable SSLContext tls;
    private final OpenConnections openConnections;

    Layers(
        ActorSystem<?> system,
        HttpSettings settings,
        RequestPipeline pipeline,
        SharedKillSwitch end) {
      this.system = system;
      this.settings = settings;
      this.pipeline = pipeline;
      this.end = end;
      this.serverSettings = serverSettings(system, settings);
      this.openConnections =
          new OpenConnections(settings.limits().connections(), system.executionContext());
      this.tls = settings.tls() == null ? null : PemTls.context(settings.tls());
    }

    CompletionStage<Done> run(Tcp.IncomingConnection incoming) {
      BidiFlow<
              HttpResponse,
              TLSProtocol.SslTlsOutbound,
              TLSProtocol.SslTlsInbound,
              HttpRequest,
              NotUsed>
          http =
              Http.get(system)
                  .serverLayer(
                      serverSettings, Optional.of(incoming.remoteAddress()), new QuietLog());
      ClientConnection connection =
          new ClientConnection(
              system.scheduler(),
              system.executionContext(),
              settings.keepAlive(),
              incoming.remoteAddress().getAddress(),
              openConnections);
      openConnections.entered(connection);
      return requests(connection)
          .join(
              http.atop(PLACEBO)
                  .atop(CORRECTED)
                  .atop(BidiFlow.fromGraph(new HalfCloseProbe(connection)))
                  .atop(bytes()))
          .watchTermination((_, done) -> done)
          .joinMat(
              Flow.of(ByteString.class)
                  .viaMat(KillSwitches.<ByteString>single(), Keep.right())
                  .via(incoming.flow()),
              (done, wire) -> {
                connection.connected(wire);
                return done;
              })
          .addAttributes(
              Attributes.createLogLevels(
                  Attributes.logLevelDebug(), Attributes.logLevelDebug(), Attributes.logLevelOff()))
          .run(system)
          .exceptionally(_ -> Done.getInstance())
          .whenComplete((_, _) -> openConnections.left(connection));
    }

    private BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> bytes() {
      Duration idle = settings.idleTimeout();
      BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> cut =
          BidiFlow.fromFlows(Flow.of(ByteString.class), Flow.fromGraph(new Portions()));
      BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> below =
          tls == null ? cut : cut.atop(SecureBytes.over(() -> engine(tls)));
      return below
          .atop(BidiFlow.bidirectionalIdleTimeout(idle))
          .atop(
              BidiFlow.fromFlows(
                  Flow.of(ByteString.class).via(end.flow()),
                  Flow.of(ByteString.class).via(end.flow())));
    }

    private static SSLEngine engine(SSLContext context) {
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(false);
      return engine;
    }

    private Flow<HttpRequest, HttpResponse, NotUsed> requests(ClientConnection connection) {
      return Flow.of(HttpRequest.class)
          .viaMat(KillSwitches.single(), Keep.right())
          .watchTermination(
              (kill, done) -> {
                connection.opened(kill);
                done.whenComplete((_, lost) -> connection.sentAll(lost == null));
                return NotUsed.getInstance();
              })
          .mapAsync(PIPELINE, request -> pipeline.handle(request, connection))
          .map(
              response -> {
                connection.answered();
                return response;
              })
          .watchTermination(
              (_, done) -> {
                done.whenComplete((_, lost) -> connection.answeredAll(lost == null));
                return NotUsed.getInstance();
              });
    }

    /**
     * Pekko HTTP finds some requests bad only while it makes them, such as chunks in HTTP/1.0, and
     * says 500. What is answered here carries an id, so that such a response can be told from ours.
     */
    private static ByteString corrected(ByteString bytes) {
      boolean maybe =
          bytes.size() < MOST_ERROR && bytes.size() > PEKKO_ERROR.length() && bytes.apply(0) == 'H';
      return maybe && isPekkosError(bytes.utf8String()) ? BAD_REQUEST : bytes;
    }

    private static boolean isPekkosError(String response) {
      return response.startsWith(PEKKO_ERROR) && !response.contains("X-Request-Id");
    }

    private static ServerSettings serverSettings(ActorSystem<?> system, HttpSettings settings) {
      HttpSettings.Limits limits = settings.limits();
      ServerSettings defaults = ServerSettings.create(system.classicSystem());
      return defaults
          .withServerHeader(Optional.empty())
          .withDefaultHostHeader(Host.create(AccessPolicy.NO_HOST))
          .withTransparentHeadRequests(true)
          .withParsingErrorHandler(ParseRefusals.class.getName())
          .withTimeouts(
              defaults
                  .getTimeouts()
                  .withRequestTimeout(scala.concurrent.duration.Duration.Inf())
                  .withIdleTimeout(
                      scala.concurrent.duration.Duration.create(
                          settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)))
          .withParserSettings(
              defaults
                  .getParserSettings()
                  .withModeledHeaderParsing(false)
                  .withMaxHeaderValueLength(limits.headerBytes())
                  .withMaxHeaderCount(limits.headerCount())
                  .withMaxContentLength(limits.bodyBytes()));
    }
  }
}
