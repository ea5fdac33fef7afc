package dev.finch.remote;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads a publisher to its end. Cancelling the future cancels the reading. */
final class FoldingSubscriber<T, R> implements Flow.Subscriber<T> {

  private final Consumer<T> each;
  private final Supplier<R> end;
  private final CompletableFuture<R> result = new CompletableFuture<>();

  private FoldingSubscriber(Consumer<T> each, Supplier<R> end) {
    this.each = each;
    this.end = end;
  }

  /**
   * @param each hears each value, one at a time
   * @param end gives the result once there are no more
   */
  static <T, R> CompletableFuture<R> of(
      Flow.Publisher<T> publisher, Consumer<T> each, Supplier<R> end) {
    FoldingSubscriber<T, R> subscriber = new FoldingSubscriber<>(each, end);
    publisher.subscribe(subscriber);
    return subscriber.result;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    var _ = result.whenComplete((_, _) -> subscription.cancel());
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(T value) {
    each.accept(value);
  }

  @Override
  public void onError(Throwable thrown) {
    result.completeExceptionally(thrown);
  }

  @Override
  public void onComplete() {
    try {
      result.complete(end.get());
    } catch (RuntimeException e) {
      result.completeExceptionally(e);
    }
  }
}
