package dev.finch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The defaults of every key: all {@code reference.conf} of the class path, with Java's system
 * properties over them. The distribution's launcher jar holds them merged into one file, because
 * looking through every jar and parsing long comments is a quarter of a cold start.
 */
public final class Reference {

  /** The merged file's name in the launcher jar. */
  public static final String MERGED = "dev/finch/merged-reference.conf";

  /** What the values of the merged file give as their origin. */
  public static final String ORIGIN = "reference.conf";

  private Reference() {}

  /** What Finch's own actor systems need besides, without the defaults below it. */
  public static Config ownSystem() {
    return read("/dev/finch/own-system.conf", "own-system.conf")
        .orElseThrow(() -> new IllegalStateException("own-system.conf is not on the class path"));
  }

  /** The defaults with their substitutions. */
  public static Config unresolved() {
    return Holder.UNRESOLVED;
  }

  /** The defaults as they are where nobody changes one. */
  public static Config resolved() {
    return Holder.UNRESOLVED.resolve();
  }

  // The library's own way asks every jar for the name.
  private static Optional<Config> read(String resource, String origin) {
    try (InputStream in = Reference.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
      ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(origin);
      return Optional.of(ConfigFactory.parseReader(reader, options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Holder {
    private static final Config UNRESOLVED = load();

    private static Config load() {
      return read("/" + MERGED, ORIGIN)
          .map(merged -> ConfigFactory.systemProperties().withFallback(merged))
          .orElseGet(ConfigFactory::defaultReferenceUnresolved);
    }
  }
}
