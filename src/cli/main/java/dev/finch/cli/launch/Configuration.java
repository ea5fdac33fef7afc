package dev.finch.cli.launch;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.settings.Reference;
import dev.finch.settings.SpecialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings in effect, from the strongest: flags, the user's {@code application.conf}, that of
 * the installation, {@code reference.conf}.
 *
 * @param user what differs from {@code reference.conf}, for the runtime
 * @param whole everything
 */
public record Configuration(Config user, Config whole) {

  /** The setting that holds what was accepted. */
  public static final String LICENSES = "finch.licenses.accept";

  /**
   * Reads and merges all of them.
   *
   * @param flags whole keys with their values, as the command line gave them
   * @throws FinchException with {@link FailureCode#SETTINGS_INVALID}, naming file and line, where
   *     one cannot be read
   */
  public static Configuration load(Map<String, ?> flags) {
    return readable(
        () -> {
          Config user =
              flags(flags).withFallback(file(userFile())).withFallback(file(installedFile()));
          Config whole = user.withFallback(Reference.unresolved()).resolve();
          return new Configuration(user.resolveWith(whole), whole);
        });
  }

  /** The same with these licences accepted as well. */
  Configuration accepting(Set<String> licenses) {
    if (licenses.isEmpty()) {
      return this;
    }
    Set<String> all = new TreeSet<>(licenses);
    all.addAll(whole.getStringList(LICENSES));
    ConfigValue value = ConfigValueFactory.fromIterable(all, "your answers in the REPL");
    return new Configuration(user.withValue(LICENSES, value), whole.withValue(LICENSES, value));
  }

  private static Configuration readable(Supplier<Configuration> reader) {
    try {
      return reader.get();
    } catch (ConfigException e) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.SETTINGS_INVALID,
              "A setting cannot be read: " + e.getMessage(),
              "Mend that line; `finch config` shows every value and where it came from."),
          e);
    }
  }

  /** Where a user's own settings lie, whether or not the file exists; null without a home. */
  public static @Nullable Path userFile() {
    String base = System.getenv("XDG_CONFIG_HOME");
    if (base != null && base.startsWith("/")) {
      return Path.of(base, "finch", "application.conf");
    }
    String home = System.getenv("HOME");
    return home == null || home.isEmpty()
        ? null
        : Path.of(home, ".config", "finch", "application.conf");
  }

  /** The installation's settings; null where the classes lie outside a distribution. */
  public static @Nullable Path installedFile() {
    Path home = Installation.home();
    return home == null ? null : home.resolve("conf").resolve("application.conf");
  }

  private static Config file(@Nullable Path path) {
    if (path == null || !Files.exists(path)) {
      return ConfigFactory.empty();
    }
    refuseSpecial(path);
    return ConfigFactory.parseFile(
        path.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
  }

  // A pipe would be waited for, and a device read for ever.
  private static void refuseSpecial(Path path) {
    try {
      SpecialFile special = SpecialFile.of(path);
      if (special != null) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.SETTINGS_INVALID,
                path + " is " + special.description() + ", and settings stand in a file.",
                "Put a file there, or remove it."));
      }
    } catch (IOException e) {
      // The parser will say why it cannot be read.
    }
  }

  private static Config flags(Map<String, ?> flags) {
    Config config = ConfigFactory.empty("the command line");
    for (Map.Entry<String, ?> flag : flags.entrySet()) {
      config =
          config.withValue(
              flag.getKey(), ConfigValueFactory.fromAnyRef(flag.getValue(), "the command line"));
    }
    return config;
  }
}
