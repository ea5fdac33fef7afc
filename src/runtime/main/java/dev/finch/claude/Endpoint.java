package dev.finch.claude;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where Claude, or a gateway that speaks its API, is reached.
 *
 * @param secure whether TLS is spoken
 * @param host a name or an address; IPv6 without brackets
 * @param port 1–65535
 * @param prefix the path before {@code /v1}, empty or with a leading slash
 */
public record Endpoint(boolean secure, String host, int port, String prefix) {

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1|0:0:0:0:0:0:0:1");

  public Endpoint {
    requireNonNull(host, "host");
    requireNonNull(prefix, "prefix");
  }

  /**
   * Reads a base URL, with or without {@code /v1} at its end.
   *
   * @param plainAllowed whether plain http is taken for other hosts than this machine
   * @throws IllegalArgumentException whose message is the rule that was broken
   */
  public static Endpoint parse(String url, boolean plainAllowed) {
    URI uri = uri(url.strip());
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("a URL that starts with https:// or http://");
    }
    if (uri.getHost() == null || uri.getUserInfo() != null) {
      throw new IllegalArgumentException("a URL with a host and without a user name or password");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("a URL without a query");
    }
    boolean secure = scheme.equals("https");
    String host = uri.getHost().replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    if (!secure && !plainAllowed && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "https; prompts and keys go over plain http to this machine only, unless"
              + " finch.cloud.plain-http-allowed is on");
    }
    return new Endpoint(secure, host, port, prefix(uri.getRawPath()));
  }

  /** Whether it lies on this machine. */
  public boolean isLoopback() {
    return isLoopback(host);
  }

  /** The path of an API call, for example {@code /v1/messages}. */
  String path(String call) {
    return prefix + call;
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("a URL such as https://api.anthropic.com", e);
    }
  }

  private static String prefix(String rawPath) {
    String path = rawPath.replaceAll("/+$", "");
    return path.endsWith("/v1") ? path.substring(0, path.length() - 3) : path;
  }

  private static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    boolean usual = port == (secure ? 443 : 80);
    return (secure ? "https://" : "http://") + shown + (usual ? "" : ":" + port) + prefix;
  }
}
