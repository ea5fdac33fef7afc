package dev.finch.supervisor;

import dev.finch.download.Downloader;
import dev.finch.engine.Loader;
import dev.finch.failure.Failure;
import dev.finch.provider.Inference;
import dev.finch.routing.Exchanges;
import dev.finch.routing.Router;
import dev.finch.selection.ModelSelector;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;

/**
 * The behaviours that the Supervisor brings to life.
 *
 * @param selector chooses models
 * @param downloader fetches them
 * @param loader one for each loaded model
 * @param cloud the cloud leg, or null where the cloud is switched off: then no code of it runs
 * @param router given whom to tell what it wants
 * @param exchanges given the Router
 * @param provisioner looks at files
 */
public record ActorBehaviors(
    Behavior<ModelSelector.Command> selector,
    Behavior<Downloader.Command> downloader,
    Supplier<Behavior<Loader.Command>> loader,
    @Nullable Cloud cloud,
    Function<ActorRef<Router.Notice>, Behavior<Router.Command>> router,
    Function<ActorRef<Router.Command>, Behavior<Exchanges.Command>> exchanges,
    Provisioner provisioner) {

  /**
   * The way to Claude.
   *
   * @param client who speaks to it
   * @param model which of its models answers where a request names none
   * @param unavailable why it cannot be asked, for example for want of a key, or null
   */
  public record Cloud(
      Behavior<Inference.Command> client, String model, @Nullable Failure unavailable) {}
}
