package dev.finch.cli;

import dev.finch.Finch;
import dev.finch.runtime.LocalFinch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The runtime that a command talks to: one of its own, or a running server's.
 *
 * @param configuration what it was started with
 */
record Connection(Finch finch, Configuration configuration, CliSettings settings)
    implements AutoCloseable {

  /**
   * Reads the settings, begins logging, and starts or connects.
   *
   * @param flags settings that the command line overrides
   * @param server a running server, or null for the configured one or none
   */
  static Connection open(Map<String, ?> flags, @Nullable String server, boolean verbose) {
    Configuration configuration = Configuration.load(flags);
    CliSettings settings = CliSettings.from(configuration.whole());
    settings.prepareLogging(verbose);
    return new Connection(LocalFinch.start(configuration.user()), configuration, settings);
  }

  @Override
  public void close() {
    finch.close();
  }
}
