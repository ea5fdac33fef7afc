package dev.finch.runtime;

import com.typesafe.config.Config;
import dev.finch.claude.ClaudeClient;
import dev.finch.claude.ClaudeSettings;
import dev.finch.download.Downloader;
import dev.finch.download.ModelCache;
import dev.finch.engine.EngineFactory;
import dev.finch.engine.Loader;
import dev.finch.routing.Exchanges;
import dev.finch.routing.Router;
import dev.finch.selection.HardwareProbe;
import dev.finch.selection.ModelSelector;
import dev.finch.supervisor.ActorBehaviors;
import dev.finch.supervisor.SupervisorSettings.Prepare;
import org.jspecify.annotations.Nullable;

/**
 * The rooms put together by the settings.
 *
 * @param settings what the configuration says
 * @param cache the models on disk
 * @param behaviors what the Supervisor brings to life
 */
record Assembly(FinchSettings settings, ModelCache cache, ActorBehaviors behaviors) {

  static Assembly of(Config config) {
    FinchSettings settings = FinchSettings.from(config, System.getenv());
    if (settings.supervisor().prepare() != Prepare.NONE) {
      EngineFactory.openAhead(settings.directories().cache());
    }
    ModelCache cache = new ModelCache(settings.download());
    return new Assembly(settings, cache, behaviors(settings, cache));
  }

  private static ActorBehaviors behaviors(FinchSettings settings, ModelCache cache) {
    var engines = EngineFactory.llama(settings.directories().cache());
    var probe = new HardwareProbe(settings.selection());
    return new ActorBehaviors(
        ModelSelector.create(settings.selection(), settings.catalog()),
        Downloader.create(settings.download()),
        () -> Loader.create(settings.engine(), engines),
        cloud(settings.claude()),
        notices -> Router.create(settings.routing(), notices),
        router -> Exchanges.create(settings.routing(), router, settings.directories().state()),
        new FileProvisioner(
            cache,
            settings.supervisor().generatedModels(),
            settings.engine(),
            () -> probe.measure().availableMemoryBytes()));
  }

  private static ActorBehaviors.@Nullable Cloud cloud(ClaudeSettings claude) {
    return claude.enabled()
        ? new ActorBehaviors.Cloud(
            ClaudeClient.create(claude), claude.model(), claude.unavailable())
        : null;
  }
}
