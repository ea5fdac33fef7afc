package dev.finch.claude;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxy through which https endpoints are reached, as {@code HTTPS_PROXY} and {@code NO_PROXY}
 * name it.
 *
 * @param host its name or address
 * @param port 1–65535
 * @param user a user name, or null where it asks for none
 * @param password the user's password, or null
 */
public record HttpProxy(String host, int port, @Nullable String user, @Nullable Secret password) {

  public HttpProxy {
    requireNonNull(host, "host");
  }

  /**
   * The proxy for this endpoint, or null where it is reached directly: without TLS, on this
   * machine, or named in {@code NO_PROXY}.
   *
   * @throws IllegalArgumentException where the variable cannot be read; its value is not repeated,
   *     since it may hold a password
   */
  static @Nullable HttpProxy of(Endpoint endpoint, Map<String, String> env) {
    String url = first(env, "HTTPS_PROXY", "https_proxy");
    if (url == null || !endpoint.secure() || endpoint.isLoopback()) {
      return null;
    }
    String exceptions = first(env, "NO_PROXY", "no_proxy");
    if (exceptions != null && isException(endpoint.host(), exceptions)) {
      return null;
    }
    return parse(url);
  }

  private static HttpProxy parse(String url) {
    try {
      URI uri = new URI(url.contains("://") ? url : "http://" + url);
      if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
        throw new IllegalArgumentException("http://[user:password@]host:port");
      }
      int port = uri.getPort() >= 0 ? uri.getPort() : 80;
      String login = uri.getRawUserInfo();
      if (login == null) {
        return new HttpProxy(uri.getHost(), port, null, null);
      }
      int colon = login.indexOf(':');
      String user = decoded(colon < 0 ? login : login.substring(0, colon));
      String password = colon < 0 ? "" : decoded(login.substring(colon + 1));
      return new HttpProxy(
          uri.getHost(), port, user, password.isEmpty() ? null : Secret.of(password));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("http://[user:password@]host:port");
    }
  }

  private static boolean isException(String host, String exceptions) {
    return Arrays.stream(exceptions.split(","))
        .map(entry -> entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static @Nullable String first(Map<String, String> env, String... names) {
    for (String name : names) {
      String value = env.get(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }
}
