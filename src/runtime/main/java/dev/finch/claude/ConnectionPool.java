package dev.finch.claude;

import dev.finch.claude.ClaudeSettings.Limits;
import dev.finch.network.CautiousTransport;
import dev.finch.network.ClientEngines;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.HttpCredentials;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.jspecify.annotations.Nullable;

/**
 * The connections to Claude. Unlike Pekko's host pool, it can abort a request whose response has
 * not begun, at once and without touching another request: that is when people cancel. A connection
 * carries one request at a time and is used again when its response was read to the end. Nothing is
 * repeated here. Thread-safe.
 */
final class ConnectionPool {

  private static final int HEADER_BYTES = 32 << 10;

  private final ActorSystem<?> system;
  private final Materializer materializer;
  private final Duration keepAlive;
  private final Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> flow;
  private final Deque<ClaudeConnection> idle = new ArrayDeque<>();
  private final Set<ClaudeConnection> open = new HashSet<>();
  private boolean closed;

  ConnectionPool(ActorSystem<?> system, ClaudeSettings settings) {
    this.system = system;
    this.materializer = SystemMaterializer.get(system).materializer();
    this.keepAlive = settings.limits().keepAlive();
    Endpoint endpoint = settings.endpoint();
    OutgoingConnectionBuilder builder =
        Http.get(system)
            .connectionTo(endpoint.host())
            .toPort(endpoint.port())
            .withClientConnectionSettings(
                connectionSettings(system, settings.limits(), transport(system, settings)));
    this.flow = endpoint.secure() ? named(endpoint, builder.http()) : builder.http();
  }

  /** A connection that no one uses, kept from before or opened now. */
  synchronized ClaudeConnection take() {
    ClaudeConnection kept = idle.pollLast();
    if (kept != null) {
      return kept;
    }
    ClaudeConnection fresh = ClaudeConnection.open(flow, materializer, this::remove);
    if (closed) {
      fresh.abort();
    } else {
      open.add(fresh);
    }
    return fresh;
  }

  /** Takes back a connection whose response was read to its end. */
  synchronized void giveBack(ClaudeConnection connection) {
    if (open.contains(connection) && !keepAlive.isZero()) {
      idle.addLast(connection);
      system
          .scheduler()
          .scheduleOnce(keepAlive, () -> expire(connection), system.executionContext());
    } else {
      connection.abort();
    }
  }

  /** Ends every connection, those in use too. */
  void close() {
    List<ClaudeConnection> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(open);
    }
    all.forEach(ClaudeConnection::abort);
  }

  private void expire(ClaudeConnection connection) {
    boolean unused;
    synchronized (this) {
      unused = idle.remove(connection);
    }
    if (unused) {
      connection.abort();
    }
  }

  private synchronized void remove(ClaudeConnection connection) {
    open.remove(connection);
    idle.remove(connection);
  }

  private static ClientConnectionSettings connectionSettings(
      ActorSystem<?> system, Limits limits, ClientTransport transport) {
    ClientConnectionSettings base = ClientConnectionSettings.create(system.classicSystem());
    List<Inet.SocketOption> options = List.of(TcpSO.tcpNoDelay(true), TcpSO.keepAlive(true));
    return base.withConnectingTimeout(limits.connectTimeout())
        .withIdleTimeout(limits.idleTimeout())
        .withSocketOptions(options)
        .withParserSettings(
            base.getParserSettings()
                .withMaxChunkSize(2 * limits.lineBytes())
                .withMaxHeaderValueLength(HEADER_BYTES)
                .withIllegalHeaderWarnings(false))
        .withTransport(transport);
  }

  /** TLS is the transport's, so that the requests must say by what name they go out. */
  private static Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> named(
      Endpoint endpoint, Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> all) {
    Host host = CautiousTransport.hostHeader(endpoint.host(), endpoint.port());
    return Flow.of(HttpRequest.class)
        .map(request -> request.addHeader(host))
        .viaMat(all, Keep.right());
  }

  private static ClientTransport transport(ActorSystem<?> system, ClaudeSettings settings) {
    ClientTransport below = direct(settings.proxy());
    return settings.endpoint().secure()
        ? CautiousTransport.secure(below, new ClientEngines(system))
        : CautiousTransport.plain(below);
  }

  private static ClientTransport direct(@Nullable HttpProxy proxy) {
    if (proxy == null) {
      return ClientTransport.TCP();
    }
    InetSocketAddress address = InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
    if (proxy.user() == null) {
      return ClientTransport.httpsProxy(address);
    }
    String password = proxy.password() == null ? "" : proxy.password().reveal();
    return ClientTransport.httpsProxy(
        address, HttpCredentials.createBasicHttpCredentials(proxy.user(), password));
  }
}
