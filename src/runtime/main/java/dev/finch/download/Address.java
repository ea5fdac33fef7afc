package dev.finch.download;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web address whose path and query are kept byte for byte: signed URLs break when a client
 * normalises them.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case; an IPv6 address in brackets
 * @param port explicit or the scheme's own
 * @param target path and query as they go on the wire
 */
record Address(String scheme, String host, int port, String target) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?i)(https?)://(\\[[0-9a-f:.]+]|[^/?#:@\\[\\]]+)(?::(\\d{1,5}))?((?:[/?][^#]*)?)(#.*)?");

  /**
   * Reads an absolute address.
   *
   * @throws IllegalArgumentException where it is none, or holds a user name
   */
  static Address parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text + " (expected: http:// or https:// and a host)");
    }
    String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
    String port = matcher.group(3);
    String rest = matcher.group(4);
    String target = rest.startsWith("/") ? rest : "/" + rest;
    return new Address(
        scheme,
        matcher.group(2).toLowerCase(Locale.ROOT),
        port != null ? Integer.parseInt(port) : scheme.equals("https") ? 443 : 80,
        encodeIllegal(target));
  }

  /** Where a {@code Location} or {@code Link} header of an answer from here points to. */
  Address resolve(String location) {
    String text = location.strip();
    if (text.regionMatches(true, 0, "http://", 0, 7)
        || text.regionMatches(true, 0, "https://", 0, 8)) {
      return parse(text);
    }
    if (text.startsWith("//")) {
      return parse(scheme + ":" + text);
    }
    if (text.startsWith("/")) {
      return withTarget(text);
    }
    String path = target.replaceFirst("\\?.*", "");
    return withTarget(path.substring(0, path.lastIndexOf('/') + 1) + text);
  }

  Address withTarget(String newTarget) {
    return new Address(scheme, host, port, encodeIllegal(newTarget.replaceFirst("#.*", "")));
  }

  /** Whether a secret for the one may be shown to the other. */
  boolean sameOrigin(Address other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  boolean secure() {
    return scheme.equals("https");
  }

  /** Scheme, host and, where unusual, port. */
  String origin() {
    boolean usual = port == (secure() ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }

  /** Without the query, which holds signatures. */
  @Override
  public String toString() {
    return origin() + target.replaceFirst("\\?.*", "?…");
  }

  /** Percent-encodes everything but letters, digits, {@code -._~} and, where wanted, slashes. */
  static String encode(String text, boolean keepSlashes) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c < 128 && Character.isLetterOrDigit(c)) || "-._~".indexOf(c) >= 0;
      if (plain || (keepSlashes && c == '/')) {
        encoded.append(c);
      } else {
        encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  private static String encodeIllegal(String target) {
    if (target.chars().allMatch(c -> c > 32 && c < 127)) {
      return target;
    }
    StringBuilder legal = new StringBuilder();
    for (byte b : target.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      legal.append(c > 32 && c < 127 ? String.valueOf((char) c) : String.format("%%%02X", c));
    }
    return legal.toString();
  }
}
