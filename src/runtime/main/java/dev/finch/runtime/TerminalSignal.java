package dev.finch.runtime;

import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import java.util.List;
import java.util.concurrent.Flow;

/** What a subscriber gets of a Finch that cannot publish any more. Confined to its subscriber. */
final class TerminalSignal<T> implements Flow.Subscription {

  private final Flow.Subscriber<? super T> subscriber;
  private final List<T> last; // one at most
  private boolean over;

  private TerminalSignal(Flow.Subscriber<? super T> subscriber, List<T> last) {
    this.subscriber = subscriber;
    this.last = last;
  }

  /** These, against demand, and then the end; the failure at once where there are none. */
  static <T> void to(Flow.Subscriber<? super T> subscriber, List<T> last, Failure failure) {
    TerminalSignal<T> words = new TerminalSignal<>(subscriber, last);
    words.over = last.isEmpty();
    subscriber.onSubscribe(words);
    if (last.isEmpty()) {
      subscriber.onError(new FinchException(failure));
    }
  }

  @Override
  public void request(long count) {
    if (over) {
      return;
    }
    over = true;
    if (count <= 0) {
      subscriber.onError(
          new IllegalArgumentException("request: " + count + " (expected: at least 1)"));
      return;
    }
    subscriber.onNext(last.getFirst());
    subscriber.onComplete();
  }

  @Override
  public void cancel() {
    over = true;
  }
}
