package dev.finch.network;

import javax.net.ssl.SSLEngine;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.scaladsl.HttpsConnectionContext;
import scala.Option;
import scala.Tuple2;

/**
 * TLS as a client, as the actor system's Pekko HTTP speaks it: an application that Finch is part of
 * may have set whom to trust there. Thread-safe.
 */
public final class ClientEngines implements CautiousTransport.Engines {

  private final Http http;

  public ClientEngines(ActorSystem<?> system) {
    this.http = Http.get(system);
  }

  @Override
  public SSLEngine engine(String host, int port) {
    HttpsConnectionContext context = (HttpsConnectionContext) http.defaultClientHttpsContext();
    var data = context.sslContextData();
    if (data.isLeft()) {
      throw new IllegalStateException(
          "Set the client's context with ConnectionContext.httpsClient");
    }
    return data.toOption().get().apply(Option.apply(Tuple2.apply(host, port)));
  }
}
