package dev.finch.network;

import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server whose bytes reach Pekko HTTP in {@link Portions} only. TLS is spoken here,
 * below the portions: to Pekko HTTP every connection is a plain one, and what is sent over TLS
 * needs the {@link #hostHeader} that belongs to it. Thread-safe.
 */
public final class CautiousTransport extends ClientTransport {

  private static final int HTTPS = 443;

  /** Makes a client's engine that accepts only a certificate of the host. */
  @FunctionalInterface
  public interface Engines {
    SSLEngine engine(String host, int port);
  }

  private final ClientTransport below;
  private final @Nullable Engines engines;

  private CautiousTransport(ClientTransport below, @Nullable Engines engines) {
    this.below = below;
    this.engines = engines;
  }

  public static CautiousTransport plain(ClientTransport below) {
    return new CautiousTransport(below, null);
  }

  public static CautiousTransport secure(ClientTransport below, Engines engines) {
    return new CautiousTransport(below, engines);
  }

  /** The {@code Host} header of a request over TLS; the port is left out where it is 443. */
  public static Host hostHeader(String host, int port) {
    return port == HTTPS ? Host.create(host) : Host.create(host, port);
  }

  @Override
  public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
      String host, int port, ClientConnectionSettings settings, ActorSystem system) {
    Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> bytes =
        below.connectTo(host, port, settings, system);
    if (engines != null) {
      bytes = SecureBytes.over(() -> engines.engine(host, port)).join(bytes, Keep.right());
    }
    return bytes.via(new Portions());
  }
}
