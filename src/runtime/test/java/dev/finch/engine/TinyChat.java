package dev.finch.engine;

import com.typesafe.config.ConfigFactory;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Sampling;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.util.Optional;

/** The demonstration model and the native library, as tests load them. */
final class TinyChat {

  static final Path CACHE = Path.of("target", "engine-cache").toAbsolutePath();

  private TinyChat() {}

  static LocalModel model() {
    return SyntheticModels.materialize(
        new ModelSpec(
            ModelReference.BUILT_IN, "tiny-chat", new ModelSpec.Origin.BuiltIn(), Optional.empty()),
        CACHE);
  }

  static EngineFactory engines() {
    return EngineFactory.llama(CACHE);
  }

  /** A question whose answer does not depend on chance. */
  static GenerateRequest greedy(String question) {
    return GenerateRequest.of(question).toBuilder()
        .sampling(Sampling.builder().temperature(0.0).repeatPenalty(1.0).build())
        .build();
  }

  /** The settings of reference.conf with these overrides of {@code finch.engine}. */
  static EngineSettings settings(String... overrides) {
    return settingsOf("engine {\n" + String.join("\n", overrides) + "\n}");
  }

  /** The settings of reference.conf with these adapters. */
  static EngineSettings withAdapters(String adapters) {
    return settingsOf("adapters {\n" + adapters + "\n}");
  }

  private static EngineSettings settingsOf(String finch) {
    String text = "finch {\n" + finch + "\n}";
    return EngineSettings.from(
        Section.of(ConfigFactory.parseString(text).withFallback(ConfigFactory.load()), "finch"));
  }
}
