package dev.finch.supervisor;

import dev.finch.model.ModelInfo;
import dev.finch.model.ModelState;
import dev.finch.provider.Inference;
import dev.finch.routing.Router;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The model that serves, or served last, and what is shown of it. Not thread-safe. */
final class ServingModel {

  private @Nullable LoadedModel model;
  private @Nullable ModelState state;

  /** The model that is in memory and serves or drains, or null. */
  @Nullable LoadedModel model() {
    return model;
  }

  /** What is shown: Ready, Draining, Idle, or null where nothing serves. */
  @Nullable ModelState state() {
    return state;
  }

  boolean is(LoadedModel other) {
    return other.equals(model);
  }

  /** Whether a useful model is there, and not only one that stands by. */
  boolean useful() {
    return model != null && !model.standby;
  }

  boolean ready() {
    return state instanceof ModelState.Ready;
  }

  /** How to reach it, or null while it is not Ready. */
  Router.@Nullable LocalLeg leg() {
    return ready() && model != null ? model.leg : null;
  }

  /** Bytes that would be free without it. */
  long bytes() {
    Router.LocalLeg leg = model == null ? null : model.leg;
    return leg == null ? 0 : leg.info().weightBytes() + leg.info().kvCacheBytes();
  }

  /** This one serves from now on; gives the one before it, or null. */
  @Nullable LoadedModel begin(
      LoadedModel next, ModelInfo info, ActorRef<Inference.Command> inference) {
    LoadedModel previous = model;
    next.leg = new Router.LocalLeg(inference, info, info.slots(), 0, 0, 0, 0, next.standby);
    model = next;
    state = new ModelState.Ready(info);
    return previous;
  }

  /** It takes no more prompts. */
  void draining() {
    Router.LocalLeg leg = model == null ? null : model.leg;
    if (leg != null) {
      state = new ModelState.Draining(leg.info());
    }
  }

  /** It has left memory. */
  void gone() {
    model = null;
    state = null;
  }

  /** It was unloaded, and comes back when it is wanted. */
  void idle(LoadedModel unloaded) {
    Router.LocalLeg leg = unloaded.leg;
    if (leg != null) {
      state = new ModelState.Idle(leg.info());
    }
  }
}
