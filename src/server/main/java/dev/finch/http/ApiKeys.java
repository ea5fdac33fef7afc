package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads API keys: {@code name=key} or a bare key, one an entry, with {@code admin:} before one that
 * may change models; {@code #} begins a comment.
 */
final class ApiKeys {

  private static final int SHORTEST = 8;
  private static final String ADMIN = "admin:";

  private ApiKeys() {}

  /** Those of the configuration, and so of the environment. */
  static List<ApiKey> configured(Section http) {
    List<String> entries = new ArrayList<>(http.strings("api-keys"));
    String environment = http.optionalString("api-key");
    if (environment != null) {
      entries.addAll(List.of(environment.split(",", -1)));
    }
    return keys("finch.http.api-keys", entries, 0);
  }

  /**
   * Those of a file.
   *
   * @param before keys that there are already, for the names of those that have none
   * @throws FinchException where a key is too short
   */
  static List<ApiKey> in(Path file, int before) throws IOException {
    return keys("finch.http.api-keys-file", Files.readAllLines(file), before);
  }

  private static List<ApiKey> keys(String setting, List<String> entries, int before) {
    List<ApiKey> keys = new ArrayList<>();
    for (String entry : entries) {
      String stripped = entry.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        keys.add(key(setting, stripped, before + keys.size() + 1));
      }
    }
    return keys;
  }

  private static ApiKey key(String setting, String marked, int number) {
    boolean admin = marked.startsWith(ADMIN);
    String entry = admin ? marked.substring(ADMIN.length()).strip() : marked;
    int equals = entry.indexOf('=');
    boolean named = equals > 0 && equals < entry.length() - 1;
    String name = named ? entry.substring(0, equals).strip() : "key-" + number;
    String key = named ? entry.substring(equals + 1).strip() : entry;
    if (key.length() < SHORTEST) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.SETTINGS_INVALID,
              setting
                  + ": key "
                  + number
                  + " has "
                  + key.length()
                  + " characters (expected: at least "
                  + SHORTEST
                  + ").",
              "`openssl rand -hex 24` makes a good one."));
    }
    return ApiKey.of(name, key, admin);
  }
}
