package dev.finch.runtime;

import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Tells the outside when an actor has ended, which is after all its children have. */
final class TerminationInterceptor<T> extends BehaviorInterceptor<T, T> {

  private final CompletableFuture<Void> ended;

  private TerminationInterceptor(Class<T> messages, CompletableFuture<Void> ended) {
    super(messages);
    this.ended = ended;
  }

  static <T> Behavior<T> completes(
      Class<T> messages, CompletableFuture<Void> ended, Behavior<T> behavior) {
    return Behaviors.intercept(() -> new TerminationInterceptor<>(messages, ended), behavior);
  }

  @Override
  public Behavior<T> aroundReceive(
      TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
    return target.apply(context, message);
  }

  @Override
  public Behavior<T> aroundSignal(
      TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
    Behavior<T> next = target.apply(context, signal);
    if (signal instanceof PostStop) {
      ended.complete(null);
    }
    return next;
  }
}
