package dev.finch.supervisor;

import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import dev.finch.routing.Router;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The actors that are there as long as the Supervisor is. Each that fails is started again, and its
 * reference stays the same.
 *
 * @param handles whom surfaces talk to
 * @param claude who speaks to Claude, or null where the cloud is switched off
 */
record CoreActors(Supervisor.Handles handles, @Nullable ActorRef<Inference.Command> claude) {

  /**
   * Brings them to life.
   *
   * @param notices gets what the Router wants
   * @param state what was published last
   */
  static CoreActors of(
      ActorContext<Supervisor.Command> context,
      ActorBehaviors behaviors,
      ActorRef<Router.Notice> notices,
      Supplier<RuntimeState> state) {
    ActorRef<Router.Command> router = context.spawn(behaviors.router().apply(notices), "router");
    Supervisor.Handles handles =
        new Supervisor.Handles(
            context.spawn(restarted(behaviors.exchanges().apply(router)), "exchanges"),
            router,
            context.spawn(restarted(behaviors.downloader()), "downloader"),
            context.spawn(restarted(behaviors.selector()), "model-selector"),
            state);
    ActorBehaviors.Cloud cloud = behaviors.cloud();
    return new CoreActors(
        handles, cloud == null ? null : context.spawn(restarted(cloud.client()), "claude-client"));
  }

  private static <T> Behavior<T> restarted(Behavior<T> behavior) {
    return Behaviors.supervise(behavior)
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                Duration.ofMillis(100), Duration.ofSeconds(10), 0.2));
  }
}
