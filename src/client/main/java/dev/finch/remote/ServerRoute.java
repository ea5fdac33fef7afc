package dev.finch.remote;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How {@code java.net.http} is led to a server. It looks names up itself, at each connection; what
 * is sent to a server on this machine must not depend on what a name leads to by then. So it is
 * given the address: over plain HTTP as a proxy's, which leaves the request its name; over TLS in
 * the URL, and the certificate is still checked against the name.
 *
 * @param base what paths are resolved against
 * @param through the server itself, asked as if it were a proxy, or null
 * @param certified the name that the certificate must be for, where it is not the one in {@code
 *     base}; else null
 */
record ServerRoute(URI base, @Nullable InetSocketAddress through, @Nullable String certified) {

  static ServerRoute to(ServerAddress server) {
    InetAddress own = server.own();
    String name = server.url().getHost();
    if (own == null) {
      return new ServerRoute(server.url(), null, null);
    }
    if (isLiteral(name) && !own.isLoopbackAddress()) {
      return new ServerRoute(server.url(), null, null);
    }
    if (!server.secure()) {
      return isLiteral(name) || name.equalsIgnoreCase("localhost")
          ? new ServerRoute(at(server, own), null, null)
          : new ServerRoute(server.url(), new InetSocketAddress(own, server.port()), null);
    }
    return new ServerRoute(at(server, own), null, isLiteral(name) ? null : name);
  }

  private static boolean isLiteral(String host) {
    return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  private static URI at(ServerAddress server, InetAddress own) {
    try {
      String scheme = server.secure() ? "https" : "http";
      return new URI(scheme, null, own.getHostAddress(), server.port(), null, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no URL of " + own, e);
    }
  }

  /** A client that goes this way, through no proxy of the JVM's. */
  HttpClient.Builder applyTo(HttpClient.Builder builder, @Nullable SSLContext trust) {
    builder.proxy(through == null ? HttpClient.Builder.NO_PROXY : ProxySelector.of(through));
    if (certified == null) {
      return trust == null ? builder : builder.sslContext(trust);
    }
    SSLParameters parameters = new SSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(certified)));
    return builder
        .sslParameters(parameters)
        .sslContext(new NamedTls(trust == null ? ofTheJvm() : trust, certified));
  }

  private static SSLContext ofTheJvm() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM speaks no TLS", e);
    }
  }
}
