package dev.finch.cli.launch;

import java.util.Map;

/**
 * What every command begins with: the settings read, remembered consents added, the log begun.
 *
 * @param configuration what the runtime is started with
 * @param consents what the user answered about licences
 */
public record Setup(Configuration configuration, CliSettings settings, Consents consents) {

  /**
   * Reads them.
   *
   * @param flags settings that the command line overrides
   */
  public static Setup load(Map<String, ?> flags, boolean verbose) {
    Configuration configuration = Configuration.load(flags);
    CliSettings settings = CliSettings.from(configuration.whole());
    settings.prepareLogging(verbose);
    Consents consents = Consents.in(settings.stateDirectory());
    return new Setup(configuration.accepting(consents.accepted()), settings, consents);
  }
}
