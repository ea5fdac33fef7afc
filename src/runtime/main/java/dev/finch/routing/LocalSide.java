package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.provider.Inference;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The local model as the Router knows it: how to reach it, and which prompts it holds. Not
 * thread-safe.
 */
final class LocalSide {

  private Router.@Nullable LocalLeg leg;

  /** Prompts given to the model that serves, by their place among all. */
  private final Set<Long> held = new HashSet<>();

  /** Those among them that were given it to spare, and make way for others. */
  private final Map<Long, ActorRef<? super Router.Verdict>> spare = new HashMap<>();

  /** Another model serves, or none, or its load has changed. */
  void changed(Router.@Nullable LocalLeg next) {
    if (!isServedBy(next == null ? null : next.inference())) {
      held.clear();
      spare.clear();
    }
    leg = next;
  }

  /** A prompt is given to the model that serves; those that can be spared make way. */
  Router.LocalLeg take(long arrival) {
    spare.values().forEach(prompt -> prompt.tell(new Router.Yield()));
    held.add(arrival);
    return requireNonNull(leg, "leg");
  }

  /** A prompt is given to the model that serves until another one needs it. */
  Router.LocalLeg takeToSpare(long arrival, ActorRef<? super Router.Verdict> prompt) {
    Router.LocalLeg taken = take(arrival);
    spare.put(arrival, prompt);
    return taken;
  }

  /** A prompt has ended; whether that has made room at the model that serves. */
  boolean release(long arrival) {
    spare.remove(arrival);
    return held.remove(arrival);
  }

  boolean holds(long arrival) {
    return held.contains(arrival);
  }

  int inFlight() {
    return held.size();
  }

  /** Tokens that conversations hold in the KV cache of the model that serves. */
  long cachedTokens() {
    return leg == null ? 0 : leg.cachedTokens();
  }

  boolean hasRoom() {
    return leg != null && load() < leg.slots() + leg.queueLimit();
  }

  /** Whether it has nothing to do. */
  private boolean idle() {
    return leg != null && load() == 0 && spare.isEmpty();
  }

  RoutingSnapshot.@Nullable Local snapshot(boolean mayTakeRoom) {
    return leg == null
        ? null
        : new RoutingSnapshot.Local(leg.info(), mayTakeRoom && hasRoom(), idle(), leg.fallback());
  }

  private int load() {
    int told = leg == null ? 0 : leg.busy() + leg.queued();
    return Math.max(held.size(), told) - spare.size();
  }

  private boolean isServedBy(@Nullable ActorRef<Inference.Command> inference) {
    return leg != null && leg.inference().equals(inference);
  }
}
