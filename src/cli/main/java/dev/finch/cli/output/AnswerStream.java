package dev.finch.cli.output;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a queue that one thread takes events from. Asks for more only when events were
 * taken, so a slow terminal slows its own answer and fills no memory. {@link #cancel} may be called
 * by any thread.
 */
public final class AnswerStream implements Flow.Subscriber<AnswerEvent> {

  private static final int WINDOW = 64;

  private final LinkedBlockingQueue<AnswerEvent> events = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean cancelled;

  /** Subscribes, so the work begins. */
  public static AnswerStream of(Flow.Publisher<AnswerEvent> publisher) {
    AnswerStream stream = new AnswerStream();
    publisher.subscribe(stream);
    return stream;
  }

  /** The next event, as soon as there is one. After a terminal event there is none. */
  public AnswerEvent next() throws InterruptedException {
    AnswerEvent event = events.take();
    Flow.Subscription current = subscription;
    if (current != null && !(event instanceof AnswerEvent.Terminal)) {
      current.request(1);
    }
    return event;
  }

  /** Ends the work behind the answer; {@link #next} then gives {@code Failed(CANCELLED)}. */
  public void cancel() {
    cancelled = true;
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
    end(FailureCode.CANCELLED, "The answer was cancelled.");
  }

  /** Whether {@link #cancel} was called. */
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    if (cancelled) {
      subscription.cancel();
    } else {
      subscription.request(WINDOW);
    }
  }

  @Override
  public void onNext(AnswerEvent event) {
    events.add(event);
  }

  @Override
  public void onError(Throwable error) {
    end(FailureCode.INTERNAL, "The answer broke off: " + error.getMessage());
  }

  @Override
  public void onComplete() {
    end(FailureCode.PROVIDER_LOST, "The answer ended without saying that it was complete.");
  }

  private void end(FailureCode code, String message) {
    events.add(new AnswerEvent.Failed(Failure.passing(code, message, null)));
  }
}
