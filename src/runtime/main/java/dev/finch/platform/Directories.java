package dev.finch.platform;

import static java.util.Objects.requireNonNull;

import dev.finch.settings.Section;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Finch keeps its own files. Neither directory need exist yet; whoever writes creates it.
 *
 * @param state what must survive: history, ledger, budget, logs
 * @param cache what can be made again: class archives, native libraries, generated models
 */
public record Directories(Path state, Path cache) {

  public Directories {
    requireNonNull(state, "state");
    requireNonNull(cache, "cache");
  }

  /**
   * The directories that {@code finch.directories} names, else those of the XDG base directory
   * specification.
   */
  public static Directories from(Section finch) {
    return from(finch, System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Directories from(Section finch, Map<String, String> environment, Path home) {
    Section own = finch.section("directories");
    return new Directories(
        configured(
            own.optionalString("state"),
            home,
            base(environment, "XDG_STATE_HOME", home.resolve(".local").resolve("state"))),
        configured(
            own.optionalString("cache"),
            home,
            base(environment, "XDG_CACHE_HOME", home.resolve(".cache"))));
  }

  private static Path configured(@Nullable String path, Path home, Path fallback) {
    if (path == null) {
      return fallback;
    }
    return (path.startsWith("~/") ? home.resolve(path.substring(2)) : Path.of(path))
        .toAbsolutePath();
  }

  // The specification says that a relative path in these variables is to be ignored.
  private static Path base(Map<String, String> environment, String variable, Path fallback) {
    String value = environment.getOrDefault(variable, "");
    boolean usable = !value.isEmpty() && Path.of(value).isAbsolute();
    return (usable ? Path.of(value) : fallback).resolve("finch");
  }
}
