package dev.finch.cli.launch;

import com.typesafe.config.Config;
import dev.finch.platform.Directories;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The command line's own settings, {@code finch.cli}.
 *
 * @param stateDirectory where history and logs lie
 * @param cacheDirectory where class archives lie
 * @param historySize lines of history kept; 0 keeps none
 * @param logLevel of the log file
 * @param classArchives whether archives are made for the next start
 * @param server the server to be a client of, or null for a runtime of one's own
 * @param plainHttpAllowed whether plain http is taken for a server on another machine
 * @param key whether the settings or the environment hold a key or a token for Claude
 */
public record CliSettings(
    Path stateDirectory,
    Path cacheDirectory,
    int historySize,
    LogLevel logLevel,
    boolean classArchives,
    @Nullable String server,
    boolean plainHttpAllowed,
    boolean key) {

  /** How much the log file tells. */
  enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /**
   * Reads them; a value out of its range fails with {@code SETTINGS_INVALID} and the key's name.
   */
  public static CliSettings from(Config config) {
    Section finch = Section.of(config, "finch");
    Section cli = finch.section("cli");
    Directories directories = Directories.from(finch);
    return new CliSettings(
        directories.state(),
        directories.cache(),
        cli.integer("history-size", 0, 1_000_000),
        cli.choice("log-level", LogLevel.class),
        cli.bool("class-archives"),
        cli.optionalString("server"),
        cli.bool("plain-http-allowed"),
        hasKey(finch.section("cloud")));
  }

  private static boolean hasKey(Section cloud) {
    return cloud.optionalString("api-key") != null
        || cloud.optionalString("auth-token") != null
        || inEnvironment("ANTHROPIC_API_KEY")
        || inEnvironment("ANTHROPIC_AUTH_TOKEN");
  }

  private static boolean inEnvironment(String variable) {
    String value = System.getenv(variable);
    return value != null && !value.isBlank();
  }

  /** Where the REPL's history lies. */
  public Path historyFile() {
    return stateDirectory.resolve("history");
  }

  /** Tells {@link LogFile} where and how much to log; to be called before the first logger. */
  public void prepareLogging(boolean verbose) {
    Path directory = stateDirectory.resolve("logs");
    if (PrivateFiles.directory(directory)) {
      System.setProperty(LogFile.FILE, directory.resolve("finch.log").toString());
    }
    System.setProperty(LogFile.LEVEL, logLevel.name().toLowerCase(Locale.ROOT));
    System.setProperty(LogFile.VERBOSE, String.valueOf(verbose));
    System.setProperty("slf4j.provider", LogProvider.class.getName());
    System.setProperty("slf4j.internal.verbosity", "WARN");
    // Here and on one thread, because loggers first used by two threads at once complain on stderr.
    LoggerFactory.getILoggerFactory();
  }
}
