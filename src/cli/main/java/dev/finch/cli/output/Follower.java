package dev.finch.cli.output;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands on everything that a publisher has, one at a time, until that ends or is cancelled. */
public final class Follower<T> implements Flow.Subscriber<T> {

  private final Consumer<T> consumer;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile Flow.@Nullable Subscription subscription;

  /**
   * @param consumer gets each item on a thread of the publisher
   */
  public Follower(Consumer<T> consumer) {
    this.consumer = consumer;
  }

  /** Follows a publisher from now on. */
  public static <T> Follower<T> of(Flow.Publisher<T> publisher, Consumer<T> consumer) {
    Follower<T> follower = new Follower<>(consumer);
    publisher.subscribe(follower);
    return follower;
  }

  /** Completes when the publisher did; fails or is cancelled otherwise. */
  public CompletableFuture<Void> done() {
    return done;
  }

  /** Wants no more; what a download has brought is kept. */
  public void cancel() {
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    done.cancel(false);
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
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(null);
  }
}
