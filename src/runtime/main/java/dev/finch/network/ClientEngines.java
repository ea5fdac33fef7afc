package dev.finch.network;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
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
  @SuppressWarnings("deprecation")
  public SSLEngine engine(String host, int port) {
    HttpsConnectionContext context = (HttpsConnectionContext) http.defaultClientHttpsContext();
    var data = context.sslContextData();
    return data.isRight()
        ? data.toOption().get().apply(Option.apply(Tuple2.apply(host, port)))
        : identified(context.sslContext().createSSLEngine(host, port));
  }

  /** Of a context that was made the old way, which leaves this to whoever uses it. */
  private static SSLEngine identified(SSLEngine engine) {
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }
}
