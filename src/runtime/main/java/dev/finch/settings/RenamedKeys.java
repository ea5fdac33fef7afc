package dev.finch.settings;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the release before this one. For one release they go on meaning what they meant, with a
 * warning that names the successor; then their lines are taken out of the table, and they are
 * unknown.
 */
public final class RenamedKeys {

  /** Those of this release. README's table "Renamed settings" says the same. */
  public static final RenamedKeys OF_THIS_RELEASE = new RenamedKeys(List.of());

  /**
   * One of them.
   *
   * @param key as it was, with its section
   * @param successor as it is, or null where it is gone
   * @param instead what to do where it is gone, in a sentence; else not said
   */
  record Renamed(String key, @Nullable String successor, String instead) {}

  private final List<Renamed> table;

  RenamedKeys(List<Renamed> table) {
    this.table = List.copyOf(table);
  }

  /**
   * What was written under an old key, under its new one. What stands under the new one already
   * wins.
   *
   * @param user what a user wrote, without the defaults
   * @param warning hears one sentence for each old key
   */
  public Config translate(Config user, Consumer<String> warning) {
    Config config = user;
    for (Renamed renamed : table) {
      if (config.hasPathOrNull(renamed.key())) {
        config = translate(config, renamed, warning);
      }
    }
    return config;
  }

  /** Every old key, for tests of the table. */
  List<String> keys() {
    return table.stream().map(Renamed::key).toList();
  }

  /** Every new key, for tests of the table. */
  List<String> successors() {
    return table.stream().map(Renamed::successor).filter(Objects::nonNull).toList();
  }

  private static Config translate(Config config, Renamed renamed, Consumer<String> warning) {
    String successor = renamed.successor();
    Config without = config.withoutPath(renamed.key());
    if (successor == null) {
      warning.accept(renamed.key() + " is gone and does nothing. " + renamed.instead());
      return without;
    }
    if (config.hasPathOrNull(successor)) {
      warning.accept(
          renamed.key()
              + " is now called "
              + successor
              + ", which is set too and counts. Remove the old line.");
      return without;
    }
    warning.accept(
        renamed.key()
            + " is now called "
            + successor
            + ". It is understood in this release and unknown in the next: rename it.");
    return config.getIsNull(renamed.key())
        ? without
        : without.withValue(successor, config.getValue(renamed.key()));
  }
}
