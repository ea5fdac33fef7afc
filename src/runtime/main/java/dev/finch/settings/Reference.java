package dev.finch.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The defaults of every key: all {@code reference.conf} of the class path, with Java's system
 * properties over them. The distribution's launcher jar holds them merged and packed, because
 * looking through every jar and parsing long comments is a quarter of a cold start.
 */
public final class Reference {

  static final String FOLDER = "dev/finch/";

  /** Those of the merged defaults that hold no substitution, in the launcher jar. */
  static final String PACKED = FOLDER + "reference.packed";

  /** The others, as text. */
  static final String TEXT = FOLDER + "merged-reference.conf";

  static final String PACKED_OWN_SYSTEM = FOLDER + "own-system.packed";

  /** What the values of the merged files give as their origin. */
  static final String ORIGIN = "reference.conf";

  static final Charset CHARSET = StandardCharsets.UTF_8;

  private static final String OWN_SYSTEM = FOLDER + "own-system.conf";

  private Reference() {}

  /** What Finch's own actor systems need besides, without the defaults below it. */
  public static Config ownSystem() {
    return packed(PACKED_OWN_SYSTEM, "own-system.conf")
        .or(() -> text(OWN_SYSTEM, "own-system.conf"))
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

  private static Optional<Config> packed(String resource, String origin) {
    return read(resource, in -> PackedValues.read(in, origin));
  }

  private static Optional<Config> text(String resource, String origin) {
    ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(origin);
    return read(
        resource, in -> ConfigFactory.parseReader(new InputStreamReader(in, CHARSET), options));
  }

  private interface Reading {
    Config read(InputStream in) throws IOException;
  }

  // The library's own way asks every jar for the name.
  private static Optional<Config> read(String resource, Reading reading) {
    try (InputStream in = Reference.class.getResourceAsStream("/" + resource)) {
      return in == null ? Optional.empty() : Optional.of(reading.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Holder {
    private static final Config UNRESOLVED = load();

    private static Config load() {
      return packed(PACKED, ORIGIN)
          .flatMap(values -> text(TEXT, ORIGIN).map(text -> text.withFallback(values)))
          .map(merged -> ConfigFactory.systemProperties().withFallback(merged))
          .orElseGet(ConfigFactory::defaultReferenceUnresolved);
    }
  }
}
