package dev.finch.cli;

import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands on everything that a publisher has, one at a time; how it ends does not matter. */
final class Follower<T> implements Flow.Subscriber<T> {

  private final Consumer<T> consumer;
  private Flow.@Nullable Subscription subscription;

  Follower(Consumer<T> consumer) {
    this.consumer = consumer;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(T item) {
    consumer.accept(item);
    Flow.Subscription current = subscription;
    if (current != null) {
      current.request(1);
    }
  }

  @Override
  public void onError(Throwable error) {}

  @Override
  public void onComplete() {}
}
