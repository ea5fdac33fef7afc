package dev.finch.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.settings.NearMatches;
import dev.finch.settings.Reference;
import dev.finch.settings.RenamedKeys;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the configuration is put together and checked for keys that Finch does not know. */
final class ConfigurationLoader {

  /** Sections in which users name their own entries. */
  private static final Set<String> OPEN =
      Set.of(
          "finch.catalogue.models",
          "finch.catalogue.licenses",
          "finch.random-shapes",
          "finch.adapters",
          "finch.cloud.prices",
          "finch.http.model-aliases");

  private static final Logger LOG = LoggerFactory.getLogger(LocalFinch.class);

  private ConfigurationLoader() {}

  /** What a class path says, with Finch's needs of its own actor system below it. */
  static Config own(Config user) {
    return translated(user)
        .withFallback(Reference.ownSystem())
        .withFallback(Reference.unresolved())
        .resolve();
  }

  /** What a host's actor system says, with Finch's defaults below it. */
  static Config below(Config user) {
    return translated(user).withFallback(Reference.unresolved()).resolve();
  }

  private static Config translated(Config user) {
    return RenamedKeys.OF_THIS_RELEASE.translate(user, LOG::warn);
  }

  /**
   * Refuses keys below {@code finch} that reference.conf does not have.
   *
   * @throws FinchException with {@link FailureCode#SETTINGS_INVALID}, naming the key and near
   *     matches
   */
  static void check(Config config) {
    Config reference = Reference.resolved();
    check("finch", config.getObject("finch"), reference.getObject("finch"));
  }

  private static void check(String path, ConfigObject given, ConfigObject known) {
    for (String name : given.keySet()) { // its entry set would hash every value below it
      String key = path + "." + name;
      ConfigValue expected = known.get(name);
      if (expected == null) {
        throw unknown(path, name, known.keySet());
      }
      if (given.get(name) instanceof ConfigObject section
          && expected instanceof ConfigObject expectedSection
          && !OPEN.contains(key)
          && !key.endsWith("dispatcher")) {
        check(key, section, expectedSection);
      }
    }
  }

  private static FinchException unknown(String path, String key, Set<String> known) {
    return new FinchException(
        Failure.permanent(
            FailureCode.SETTINGS_INVALID,
            path + "." + key + " is no setting of Finch.",
            NearMatches.question(key, known)
                + "Every key is described in reference.conf; `finch config` lists them."));
  }
}
