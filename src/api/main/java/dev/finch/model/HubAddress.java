package dev.finch.model;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of the Hub as people paste it: a model's page, a folder or a file of it, with or
 * without {@code https://}. What it says becomes {@code org/repo[:file][@revision]}.
 */
final class HubAddress {

  private static final Pattern HOST =
      Pattern.compile("(?i)(?:https?://)?(?:www\\.)?(?:huggingface\\.co|hf\\.co)/+(.*)");
  private static final Pattern SHOWN = Pattern.compile("[?&]show_file_info=([^&#]+)");
  private static final List<String> OTHER_PAGES =
      List.of("datasets", "spaces", "papers", "blog", "docs", "collections", "models");

  private HubAddress() {}

  /** Null where the text is no address of the Hub. */
  static @Nullable String rest(String text) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      return null;
    }
    String rest = host.group(1);
    String query = rest.replaceFirst("^[^?#]*", "");
    String path = rest.substring(0, rest.length() - query.length()).replaceFirst("/+$", "");
    String[] parts = path.split("/+");
    if (parts.length < 2 || OTHER_PAGES.contains(parts[0].toLowerCase(Locale.ROOT))) {
      return path;
    }
    String repository = parts[0] + "/" + parts[1];
    if (parts.length == 2) {
      Matcher shown = SHOWN.matcher(query);
      return shown.find() ? repository + ":" + decoded(shown.group(1)) : repository;
    }
    return switch (parts[2]) {
      case "tree" -> repository + revision(parts);
      case "blob", "resolve", "raw" ->
          parts.length > 4 ? repository + ":" + decoded(rest(parts, 4)) + revision(parts) : path;
      default -> repository; // discussions, commits and other tabs of the page
    };
  }

  private static String revision(String[] parts) {
    boolean usual = parts.length < 4 || parts[3].equals("main");
    return usual ? "" : "@" + decoded(parts[3]);
  }

  private static String rest(String[] parts, int from) {
    return String.join("/", Arrays.asList(parts).subList(from, parts.length));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
