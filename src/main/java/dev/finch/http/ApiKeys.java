package dev.finch.http;

import dev.finch.settings.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads API keys from the configuration (and so the environment) and from a file. */
final class ApiKeys {

  private static final int SHORTEST = 8;

  private ApiKeys() {}

  /** Each entry is {@code name=key} or a bare key; a file holds one per line and # comments. */
  static List<ApiKey> read(Section http) {
    List<String> entries = new ArrayList<>(http.strings("api-keys"));
    String environment = http.optionalString("api-key");
    if (environment != null) {
      entries.addAll(List.of(environment.split(",", -1)));
    }
    String file = http.optionalString("api-keys-file");
    if (file != null) {
      entries.addAll(lines(http, file));
    }
    List<ApiKey> keys = new ArrayList<>();
    for (String entry : entries) {
      String stripped = entry.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        keys.add(key(http, stripped, keys.size() + 1));
      }
    }
    return keys;
  }

  private static ApiKey key(Section http, String entry, int number) {
    int equals = entry.indexOf('=');
    boolean named = equals > 0 && equals < entry.length() - 1;
    String name = named ? entry.substring(0, equals).strip() : "key-" + number;
    String key = named ? entry.substring(equals + 1).strip() : entry;
    if (key.length() < SHORTEST) {
      throw http.invalid(
          "api-keys", "a key of " + key.length() + " characters", "at least " + SHORTEST);
    }
    return ApiKey.of(name, key);
  }

  private static List<String> lines(Section http, String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      throw http.invalid("api-keys-file", file, "a readable text file");
    }
  }
}
