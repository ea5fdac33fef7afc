package dev.finch.network;

import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.TLSClosing;
import org.apache.pekko.stream.TLSProtocol;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLS;
import org.apache.pekko.util.ByteString;

/** TLS as a layer that has plain bytes on its upper side. */
public final class SecureBytes {

  private SecureBytes() {}

  /**
   * @param engine makes the engine of one connection, in its role
   */
  public static BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> over(
      Supplier<SSLEngine> engine) {
    Flow<ByteString, TLSProtocol.SslTlsOutbound, NotUsed> down =
        Flow.of(ByteString.class).map(TLSProtocol.SendBytes::new);
    Flow<TLSProtocol.SslTlsInbound, ByteString, NotUsed> up =
        Flow.of(TLSProtocol.SslTlsInbound.class)
            .filter(TLSProtocol.SessionBytes.class::isInstance)
            .map(inbound -> ((TLSProtocol.SessionBytes) inbound).bytes());
    return BidiFlow.fromFlows(down, up).atop(TLS.create(engine, TLSClosing.eagerClose()));
  }
}
