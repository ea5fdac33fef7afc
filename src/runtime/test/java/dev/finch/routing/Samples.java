package dev.finch.routing;

import com.typesafe.config.ConfigFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import dev.finch.settings.Section;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Models, states and settings to test with. */
final class Samples {

  static final ModelReference SMALL = new ModelReference.Catalogued("qwen2.5-0.5b", null);
  static final ModelReference LARGE = new ModelReference.Catalogued("qwen2.5-7b", null);
  static final String CLAUDE_MODEL = "claude-haiku-5-5";

  private Samples() {}

  static RoutingSettings settings(String overrides) {
    return RoutingSettings.from(
        Section.of(
            ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve(),
            "finch"));
  }

  static ModelInfo info(ModelReference reference) {
    return new ModelInfo(
        reference,
        "Tiny",
        "qwen2",
        1_000,
        "Q8_0",
        2048,
        2,
        1,
        "CPU",
        1,
        1,
        true,
        "none",
        true,
        reference instanceof ModelReference.BuiltIn,
        List.of());
  }

  static ModelSpec spec(ModelReference reference) {
    return new ModelSpec(reference, "Tiny", new ModelSpec.Origin.BuiltIn(), Optional.empty());
  }

  static RuntimeState ready(ModelReference reference) {
    return RuntimeState.of(new ModelState.Ready(info(reference)), null);
  }

  static RuntimeState preparing(ModelState state) {
    return RuntimeState.of(null, state);
  }

  static ModelState downloading(ModelReference reference) {
    return new ModelState.Downloading(spec(reference), DownloadProgress.resolving());
  }

  static Router.LocalLeg leg(ActorRef<Inference.Command> inference, int slots, int queueLimit) {
    return new Router.LocalLeg(inference, info(SMALL), slots, 0, 0, queueLimit, 0, false);
  }

  static Router.CloudLeg cloud(ActorRef<Inference.Command> inference) {
    return cloud(inference, null);
  }

  static Router.CloudLeg cloud(
      ActorRef<Inference.Command> inference, @Nullable Failure unavailable) {
    return new Router.CloudLeg(inference, CLAUDE_MODEL, unavailable);
  }

  static Failure failure(FailureCode code) {
    return Failure.passing(code, code + " was injected.", null);
  }
}
