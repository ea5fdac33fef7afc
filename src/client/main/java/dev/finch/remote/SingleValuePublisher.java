package dev.finch.remote;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One value for each subscriber. Thread-safe.
 *
 * @param value the value
 */
record SingleValuePublisher<T>(T value) implements Flow.Publisher<T> {

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    requireNonNull(subscriber, "subscriber");
    AtomicBoolean over = new AtomicBoolean();
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            if (!over.compareAndSet(false, true)) {
              return;
            }
            if (n <= 0) {
              subscriber.onError(
                  new IllegalArgumentException("demand must be 1 or more (rule 3.9)"));
              return;
            }
            subscriber.onNext(value);
            subscriber.onComplete();
          }

          @Override
          public void cancel() {
            over.set(true);
          }
        });
  }
}
