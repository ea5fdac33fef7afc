package dev.finch.runtime;

import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.AbruptStageTerminationException;
import org.apache.pekko.stream.AbruptTerminationException;
import org.jspecify.annotations.Nullable;

/**
 * Ends a subscription as its method promises where the actor system ends below it: with the last
 * words that are left to say, once there is demand for them, and without a failure of Pekko's.
 *
 * @param <T> what is published
 */
final class OrderlyEnd<T> implements Flow.Subscriber<T>, Flow.Subscription {

  private final Flow.Subscriber<? super T> subscriber;
  private final List<? extends T> lastWords;
  private final @Nullable Failure failure;
  private final AtomicLong demand = new AtomicLong();

  private volatile Flow.@Nullable Subscription source;
  private boolean abrupt;
  private boolean over;

  /**
   * @param lastWords what is said then, one value at most
   * @param failure what it fails with then, or null to complete
   */
  OrderlyEnd(
      Flow.Subscriber<? super T> subscriber,
      List<? extends T> lastWords,
      @Nullable Failure failure) {
    this.subscriber = subscriber;
    this.lastWords = lastWords;
    this.failure = failure;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    source = subscription;
    subscriber.onSubscribe(this);
  }

  @Override
  public void request(long n) {
    if (n > 0) {
      demand.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
    }
    Flow.Subscription asked = source;
    if (asked != null) {
      asked.request(n);
    }
    endWhereAbrupt();
  }

  @Override
  public void cancel() {
    synchronized (this) {
      over = true;
    }
    Flow.Subscription asked = source;
    if (asked != null) {
      asked.cancel();
    }
  }

  @Override
  public void onNext(T value) {
    demand.decrementAndGet();
    subscriber.onNext(value);
  }

  @Override
  public void onError(Throwable thrown) {
    if (thrown instanceof AbruptTerminationException
        || thrown instanceof AbruptStageTerminationException) {
      synchronized (this) {
        abrupt = true;
      }
      endWhereAbrupt();
    } else {
      subscriber.onError(thrown);
    }
  }

  @Override
  public void onComplete() {
    subscriber.onComplete();
  }

  private void endWhereAbrupt() {
    synchronized (this) {
      if (!abrupt || over || (!lastWords.isEmpty() && demand.get() == 0)) {
        return;
      }
      over = true;
    }
    lastWords.forEach(subscriber::onNext);
    if (failure == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(new FinchException(failure));
    }
  }
}
