package dev.finch.download;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy leads to which host, as {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY}
 * and {@code NO_PROXY} say, in upper or lower case.
 *
 * @param https the way to https hosts, null for a direct one
 * @param http the way to http hosts, null for a direct one
 * @param bypass hosts without a proxy: names and their subdomains, addresses, or {@code *}
 */
record Proxies(@Nullable Proxy https, @Nullable Proxy http, List<String> bypass) {

  static final Proxies NONE = new Proxies(null, null, List.of());

  /** One proxy; user and password are null where it wants none. */
  record Proxy(String host, int port, @Nullable String user, @Nullable String password) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  Proxies {
    bypass = List.copyOf(bypass);
  }

  /**
   * Reads the variables.
   *
   * @throws IllegalArgumentException with the variable's name where one holds no proxy address
   */
  static Proxies of(Map<String, String> environment) {
    Proxy all = read(environment, "ALL_PROXY");
    Proxy https = read(environment, "HTTPS_PROXY");
    Proxy http = read(environment, "HTTP_PROXY");
    List<String> bypass = new ArrayList<>();
    for (String entry : value(environment, "NO_PROXY").split("[,\\s]+", -1)) {
      if (!entry.isBlank()) {
        bypass.add(entry.toLowerCase(Locale.ROOT));
      }
    }
    return new Proxies(https != null ? https : all, http != null ? http : all, bypass);
  }

  /** The proxy on the way to an address, or null where the way is direct. */
  @Nullable Proxy to(Address address) {
    return bypass.stream().anyMatch(entry -> covers(entry, address))
        ? null
        : address.secure() ? https : http;
  }

  private static boolean covers(String entry, Address address) {
    if (entry.equals("*")) {
      return true;
    }
    String name = entry.replaceFirst("^\\*?\\.", "");
    int colon = name.startsWith("[") ? name.indexOf("]:") + 1 : name.indexOf(':');
    if (colon > 0 && colon == name.lastIndexOf(':')) {
      if (!name.substring(colon + 1).equals(String.valueOf(address.port()))) {
        return false;
      }
      name = name.substring(0, colon);
    }
    return address.host().equals(name) || address.host().endsWith("." + name);
  }

  private static @Nullable Proxy read(Map<String, String> environment, String name) {
    String text = value(environment, name);
    if (text.isEmpty()) {
      return null;
    }
    String rest = text.replaceFirst("^(?i)https?://", "").replaceFirst("/$", "");
    int at = rest.lastIndexOf('@');
    String authority = rest.substring(at + 1);
    try {
      if (rest.contains("://")) {
        throw new IllegalArgumentException("another scheme than http");
      }
      Address address = Address.parse("http://" + authority);
      String[] login = at < 0 ? new String[0] : rest.substring(0, at).split(":", 2);
      return new Proxy(
          address.host(),
          address.port(),
          login.length > 0 ? decode(login[0]) : null,
          login.length > 0 ? decode(login.length > 1 ? login[1] : "") : null);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + ": " + authority + " (expected: http://[user:password@]host:port)", e);
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String value(Map<String, String> environment, String name) {
    String upper = environment.getOrDefault(name, "").strip();
    return upper.isEmpty()
        ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
        : upper;
  }
}
