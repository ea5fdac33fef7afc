package dev.finch.runtime;

import com.typesafe.config.Config;
import dev.finch.claude.ClaudeSettings;
import dev.finch.download.DownloadSettings;
import dev.finch.engine.EngineSettings;
import dev.finch.model.ModelReference;
import dev.finch.platform.Directories;
import dev.finch.routing.RoutingSettings;
import dev.finch.selection.ModelCatalog;
import dev.finch.selection.SelectionSettings;
import dev.finch.settings.Section;
import dev.finch.supervisor.SupervisorSettings;
import java.util.Map;

/**
 * Everything that the {@code finch} section says, parsed once.
 *
 * @param directories Finch's own directories
 * @param catalog the models that can be named
 * @param selection how a model is chosen
 * @param download how models are fetched
 * @param engine how models are run
 * @param claude whether and how Claude is asked
 * @param routing which way prompts go
 * @param supervisor how models are looked after
 */
record FinchSettings(
    Directories directories,
    ModelCatalog catalog,
    SelectionSettings selection,
    DownloadSettings download,
    EngineSettings engine,
    ClaudeSettings claude,
    RoutingSettings routing,
    SupervisorSettings supervisor) {

  /**
   * Reads a resolved configuration.
   *
   * @throws dev.finch.failure.FinchException with {@code SETTINGS_INVALID}, naming the key, or with
   *     {@code UNKNOWN_MODEL} where {@code finch.model} names none
   */
  static FinchSettings from(Config config, Map<String, String> environment) {
    ConfigurationLoader.check(config);
    Section finch = Section.of(config, "finch");
    Directories directories = Directories.from(finch);
    ModelCatalog catalog = ModelCatalog.from(finch);
    SupervisorSettings supervisor =
        SupervisorSettings.from(finch, directories.cache().resolve("models"));
    requireKnown(supervisor.model(), catalog);
    ClaudeSettings claude = ClaudeSettings.from(finch.section("cloud"), environment);
    return new FinchSettings(
        directories,
        catalog,
        SelectionSettings.from(finch.section("selection")),
        DownloadSettings.from(finch.section("download")),
        EngineSettings.from(finch),
        claude,
        RoutingSettings.from(finch),
        claude.configured() ? supervisor.withClaude() : supervisor);
  }

  /** A misspelt name is the user's to mend, so it is said at once and not as a model's failure. */
  private static void requireKnown(ModelReference model, ModelCatalog catalog) {
    if (model instanceof ModelReference.Catalogued || model instanceof ModelReference.Random) {
      catalog.specOf(model);
    }
  }
}
