package dev.finch.download;

import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import dev.finch.network.CautiousTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.HttpCredentials;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;
import org.apache.pekko.http.javadsl.model.headers.UserAgent;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange at a time: the token goes to the Hub's own origin and nowhere else, hosts that
 * asked to be left alone are left alone, proxies are used as the environment says. Redirects are
 * answers like others here. Thread-safe.
 *
 * <p>All settings are passed programmatically: the actor system may belong to a host application.
 */
final class HubHttp {

  private static final int POOL = 64;
  private static final Duration CONNECTION_IDLE = Duration.ofMinutes(2);

  /** How hosts are reached that share the settings of their connections. */
  private record Way(boolean secure, Proxies.@Nullable Proxy proxy) {}

  private final ActorSystem<?> system;
  private final DownloadSettings settings;
  private final HostCooldowns cooldowns;
  private final Tls tls;
  private final ConcurrentMap<Way, ConnectionPoolSettings> pools = new ConcurrentHashMap<>();

  HubHttp(ActorSystem<?> system, DownloadSettings settings, HostCooldowns cooldowns) {
    this.system = system;
    this.settings = settings;
    this.cooldowns = cooldowns;
    this.tls = new Tls(settings.authorities());
  }

  Materializer materializer() {
    return SystemMaterializer.get(system).materializer();
  }

  ActorSystem<?> system() {
    return system;
  }

  /**
   * Sends one request. The answer's entity is the caller's to read, {@link #discard} or {@link
   * #drop}. Fails with {@link FinchException} where no answer's head comes in time.
   */
  CompletionStage<HttpResponse> send(HttpMethod method, Address address, HttpHeader... headers) {
    Duration shut = shut(address);
    if (shut.isZero()) {
      return sendNow(method, address, headers);
    }
    return Patterns.after(
        shut.plusMillis(1), system.classicSystem(), () -> send(method, address, headers));
  }

  /** How long nothing will be sent to this host; zero where it goes out at once. */
  Duration shut(Address address) {
    return cooldowns.remaining(address.host(), Instant.now());
  }

  private CompletionStage<HttpResponse> sendNow(
      HttpMethod method, Address address, HttpHeader... headers) {
    Proxies.Proxy proxy = settings.proxies().to(address);
    CompletableFuture<HttpResponse> answer =
        Http.get(system)
            .singleRequest(
                request(method, address, headers),
                ConnectionContext.httpsClient(tls::engine),
                pools.computeIfAbsent(new Way(address.secure(), proxy), this::pool),
                system.classicSystem().log())
            .toCompletableFuture();
    CompletableFuture<HttpResponse> inTime = new CompletableFuture<>();
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            inTime.completeExceptionally(unreachable(address, proxy, failure));
          } else {
            noteLimit(address, response);
            if (!inTime.complete(response)) {
              drop(response);
            }
          }
        });
    CompletableFuture.delayedExecutor(
            settings.requestTimeout().toMillis(),
            TimeUnit.MILLISECONDS,
            system.executionContext()::execute)
        .execute(
            () ->
                inTime.completeExceptionally(
                    unreachable(address, proxy, new TimeoutException("no answer in time"))));
    return inTime;
  }

  /** Reads an entity that is of no use to its end, so that its connection can be used again. */
  void discard(HttpResponse response) {
    response.discardEntityBytes(materializer());
  }

  /** Gives up an entity together with its connection: it may be gigabytes long. */
  void drop(HttpResponse response) {
    response.entity().getDataBytes().runWith(Sink.cancelled(), materializer());
  }

  boolean authenticated(Address address) {
    return settings.token() != null && address.sameOrigin(settings.endpoint());
  }

  @Nullable
  static String header(HttpResponse response, String name) {
    return response.getHeader(name).map(HttpHeader::value).orElse(null);
  }

  /** How long this answer's host wants to be left alone. */
  static Duration wait(HttpResponse response) {
    return RateLimit.wait(
        response.status().intValue(),
        header(response, "RateLimit"),
        header(response, "Retry-After"),
        Instant.now());
  }

  private HttpRequest request(HttpMethod method, Address address, HttpHeader... headers) {
    List<HttpHeader> all = new ArrayList<>(List.of(headers));
    all.add(RawRequestURI.create(address.target()));
    all.add(RawHeader.create("Accept-Encoding", "identity"));
    HubToken token = settings.token();
    if (token != null && authenticated(address)) {
      all.add(RawHeader.create("Authorization", "Bearer " + token.value()));
    }
    if (address.secure()) {
      all.add(CautiousTransport.hostHeader(address.host(), address.port()));
    }
    // TLS is the transport's; to Pekko HTTP all connections are plain.
    return HttpRequest.create()
        .withMethod(method)
        .withUri(Uri.create("http://" + address.host() + ":" + address.port() + "/"))
        .addHeaders(all);
  }

  private void noteLimit(Address address, HttpResponse response) {
    Duration wait = wait(response);
    if (!wait.isZero()) {
      cooldowns.shut(address.host(), Instant.now().plus(wait));
    }
  }

  private ConnectionPoolSettings pool(Way way) {
    ClientConnectionSettings connection = ClientConnectionSettings.create(system.classicSystem());
    connection =
        connection
            .withConnectingTimeout(settings.requestTimeout())
            .withIdleTimeout(CONNECTION_IDLE)
            .withUserAgentHeader(Optional.of(UserAgent.create("finch; java/25")))
            .withParserSettings(
                connection
                    .getParserSettings()
                    .withModeledHeaderParsing(false)
                    .withMaxHeaderValueLength(64 * 1024)
                    .withMaxHeaderCount(256)
                    .withIllegalHeaderWarnings(false));
    ConnectionPoolSettings pool =
        ConnectionPoolSettings.create(system.classicSystem())
            .withConnectionSettings(connection)
            .withMaxConnections(POOL)
            .withMinConnections(0)
            .withMaxOpenRequests(POOL)
            .withMaxRetries(0)
            .withPipeliningLimit(1)
            .withBaseConnectionBackoff(Duration.ZERO)
            .withIdleTimeout(Duration.ofSeconds(30))
            .withKeepAliveTimeout(Duration.ofSeconds(20))
            .withResponseEntitySubscriptionTimeout(Duration.ofSeconds(10));
    ClientTransport below = transport(way.proxy());
    return pool.withTransport(
        way.secure()
            ? CautiousTransport.secure(below, tls::engine)
            : CautiousTransport.plain(below));
  }

  private static ClientTransport transport(Proxies.@Nullable Proxy proxy) {
    if (proxy == null) {
      return ClientTransport.TCP();
    }
    InetSocketAddress at = InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
    String user = proxy.user();
    return user == null
        ? ClientTransport.httpsProxy(at)
        : ClientTransport.httpsProxy(
            at,
            HttpCredentials.createBasicHttpCredentials(
                user, proxy.password() == null ? "" : proxy.password()));
  }

  private static FinchException unreachable(
      Address address, Proxies.@Nullable Proxy proxy, Throwable failure) {
    Throwable cause = Thrown.unwrapped(failure);
    return new FinchException(HubFailures.unreachable(address, proxy, cause), cause);
  }
}
