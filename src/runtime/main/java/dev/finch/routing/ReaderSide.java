package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The reader of one answer: what it has room for, and whether it has stopped reading. Not
 * thread-safe.
 */
final class ReaderSide {

  /** Content that a provider may send beyond the demand before it is given up. */
  private static final int SLACK = 64;

  private final ActorRef<Exchange.Delivery> reader;
  private final @Nullable ActorRef<AnswerEvent> listener;
  private final TimerScheduler<Exchange.Command> timers;
  private final Duration stallLimit;
  private int credit;

  ReaderSide(Exchange.Task task, TimerScheduler<Exchange.Command> timers, Duration stallLimit) {
    this.reader = task.reader();
    this.listener = task.listener();
    this.timers = timers;
    this.stallLimit = stallLimit;
    this.credit = Math.max(1, task.demand());
  }

  /** What a provider may send at once. */
  int demand() {
    return Math.max(1, credit);
  }

  /** Whether more content would be taken. */
  boolean hasRoom() {
    return credit > 0;
  }

  /** It has room for more. */
  void more(int count) {
    credit += count;
    timers.cancel(Exchange.ReaderStalled.class);
    watch();
  }

  /** Hands on content; false where that is more than was ever asked for. */
  boolean take(AnswerEvent.Content content) {
    tell(content);
    credit--;
    watch();
    return credit >= -SLACK;
  }

  /** Hands on an event that needs no room. */
  void tell(AnswerEvent event) {
    reader.tell(new Exchange.Next(event));
    if (listener != null) {
      listener.tell(event);
    }
  }

  private void watch() {
    if (credit <= 0 && !timers.isTimerActive(Exchange.ReaderStalled.class)) {
      timers.startSingleTimer(
          Exchange.ReaderStalled.class, new Exchange.ReaderStalled(), stallLimit);
    }
  }
}
