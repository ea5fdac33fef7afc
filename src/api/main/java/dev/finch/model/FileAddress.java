package dev.finch.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@code file:}, as a path or as the rest of a URL, which browsers, file
 * managers and {@code Path.toUri()} write with escapes (RFC 8089). A path with one slash is taken
 * as it is.
 */
final class FileAddress {

  private static final Pattern URL = Pattern.compile("(?s)//([^/]*)(/.*)?");
  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

  private FileAddress() {}

  /** The path, or null where the URL names another machine. */
  static @Nullable String path(String rest) {
    Matcher url = URL.matcher(rest);
    if (!url.matches() || rest.startsWith("////")) {
      return rest;
    }
    String host = url.group(1);
    String path = url.group(2) == null ? "" : decoded(url.group(2));
    return switch (host.toLowerCase(Locale.ROOT)) {
      case "", "localhost", "127.0.0.1" -> path.startsWith("/~/") ? path.substring(1) : path;
      case "~", ".", ".." -> host + path;
      default -> null;
    };
  }

  /** Unchanged where the escapes are not all well formed: then it was no URL. */
  private static String decoded(String path) {
    if (path.indexOf('%') < 0 || ESCAPE.matcher(path).replaceAll("").indexOf('%') >= 0) {
      return path;
    }
    String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    return decoded.indexOf('\uFFFD') < 0 ? decoded : path;
  }
}
