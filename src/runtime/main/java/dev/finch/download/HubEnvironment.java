package dev.finch.download;

import dev.finch.settings.SpecialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the variables say that every Hub client reads: {@code HF_ENDPOINT}, {@code HF_HOME}, {@code
 * HF_TOKEN} and their kin, in huggingface_hub's order of precedence.
 */
final class HubEnvironment {

  private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)}?");

  private final Map<String, String> variables;
  private final Path userHome;

  HubEnvironment(Map<String, String> variables, Path userHome) {
    this.variables = Map.copyOf(variables);
    this.userHome = userHome;
  }

  static HubEnvironment ofProcess() {
    return new HubEnvironment(System.getenv(), Path.of(System.getProperty("user.home", "/")));
  }

  String endpoint() {
    String endpoint = first("HF_ENDPOINT");
    return endpoint == null ? "https://huggingface.co" : endpoint;
  }

  Path cache() {
    String cache = first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE");
    return cache == null ? home().resolve("hub") : expand(cache);
  }

  /**
   * The token, or null.
   *
   * @throws IllegalArgumentException where it should stand in what is no file
   */
  @Nullable HubToken token() {
    if (yes("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
      return null;
    }
    String token = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    if (token == null) {
      token = tokenFile();
    }
    return token == null ? null : new HubToken(token);
  }

  boolean offline() {
    return yes("HF_HUB_OFFLINE") || yes("TRANSFORMERS_OFFLINE");
  }

  boolean symlinks() {
    return !yes("HF_HUB_DISABLE_SYMLINKS");
  }

  /** Seconds, or the fallback where the variable is absent or no positive number. */
  Duration seconds(String variable, Duration fallback) {
    String value = first(variable);
    if (value == null) {
      return fallback;
    }
    try {
      double seconds = Double.parseDouble(value);
      return seconds > 0 && seconds < 86_400
          ? Duration.ofMillis((long) (seconds * 1000))
          : fallback;
    } catch (NumberFormatException e) {
      return fallback;
    }
  }

  Proxies proxies() {
    return Proxies.of(variables);
  }

  /**
   * A file of certificates that other clients trust; the first is httpx's, then come older ones.
   */
  @Nullable Path authorities() {
    String file = first("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");
    return file == null ? null : expand(file);
  }

  private Path home() {
    String home = first("HF_HOME");
    if (home != null) {
      return expand(home);
    }
    String xdg = first("XDG_CACHE_HOME");
    return (xdg == null ? userHome.resolve(".cache") : expand(xdg)).resolve("huggingface");
  }

  private @Nullable String tokenFile() {
    String named = first("HF_TOKEN_PATH");
    Path file = named == null ? home().resolve("token") : expand(named);
    try {
      SpecialFile special = SpecialFile.of(file);
      if (special != null) {
        throw new IllegalArgumentException(file + " is " + special.description());
      }
      String token = Files.readString(file).replaceAll("[\\r\\n]", "").strip();
      return token.isEmpty() ? null : token;
    } catch (IOException e) {
      return null;
    }
  }

  private Path expand(String path) {
    String expanded =
        VARIABLE
            .matcher(path)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        variables.getOrDefault(match.group(1), match.group())));
    if (expanded.equals("~")) {
      return userHome;
    }
    return expanded.startsWith("~/")
        ? userHome.resolve(expanded.substring(2))
        : Path.of(expanded).toAbsolutePath();
  }

  private boolean yes(String variable) {
    String value = first(variable);
    return value != null && YES.contains(value.toUpperCase(Locale.ROOT));
  }

  private @Nullable String first(String... names) {
    for (String name : names) {
      String value = variables.getOrDefault(name, "").replaceAll("[\\r\\n]", "").strip();
      if (!value.isEmpty()) {
        return value;
      }
    }
    return null;
  }
}
