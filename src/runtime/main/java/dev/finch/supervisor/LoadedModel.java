package dev.finch.supervisor;

import dev.finch.engine.LoadTicket;
import dev.finch.engine.Loader;
import dev.finch.model.LocalModel;
import dev.finch.routing.Router;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A model in memory, or on its way into it, with the Loader that owns it; the Supervisor's own. */
final class LoadedModel {

  /** Why a model is leaving memory. */
  enum Leaving {
    /** It is not. */
    NO,
    /** Another one has taken its place. */
    REPLACED,
    /** Another one needs its memory. */
    MAKES_ROOM,
    /** Nobody has asked it for a while, or it was told to. */
    IDLE
  }

  final ActorRef<Loader.Command> loader;
  final ActorRef<Loader.Event> events;
  final LoadTicket ticket;
  final LocalModel model;

  /** Whether it only stands by until a useful model is there. */
  final boolean standby;

  Router.@Nullable LocalLeg leg;
  Leaving leaving = Leaving.NO;

  LoadedModel(
      ActorRef<Loader.Command> loader,
      ActorRef<Loader.Event> events,
      LoadTicket ticket,
      LocalModel model,
      boolean standby) {
    this.loader = loader;
    this.events = events;
    this.ticket = ticket;
    this.model = model;
    this.standby = standby;
  }

  /** It is now so busy. */
  void loadChanged(Loader.CapacityChanged now) {
    Router.LocalLeg before = leg;
    if (before != null) {
      leg =
          new Router.LocalLeg(
              before.inference(),
              before.info(),
              now.slots(),
              now.busy(),
              now.queued(),
              now.queueLimit(),
              now.cachedTokens(),
              before.fallback());
    }
  }

  void drain(Leaving why) {
    leaving = why;
    loader.tell(new Loader.Drain());
  }
}
