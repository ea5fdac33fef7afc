package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.Collection;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * What may end an accepted answer early: its deadline, a reader that takes nothing, a reader that
 * is gone. Belongs to one Loader, which gets {@link Loader.Overdue} and {@code Terminated}.
 */
final class AnswerWatchdog {

  private static final Failure LATE =
      Failure.permanent(
          FailureCode.DEADLINE_EXCEEDED, "The answer took longer than its deadline.", null);

  private final ActorContext<Loader.Command> context;
  private final TimerScheduler<Loader.Command> timers;
  private final Duration stallTimeout;
  private final Failure unread;

  AnswerWatchdog(
      ActorContext<Loader.Command> context,
      TimerScheduler<Loader.Command> timers,
      Duration stallTimeout) {
    this.context = context;
    this.timers = timers;
    this.stallTimeout = stallTimeout;
    this.unread =
        Failure.permanent(
            FailureCode.READER_STALLED,
            "Nobody read the answer for " + stallTimeout.toSeconds() + " s.",
            "Read faster, or raise finch.engine.stall-timeout.");
  }

  void accepted(Submission attempt) {
    context.watch(attempt.generate().replyTo());
    Duration deadline = attempt.request().deadline();
    if (deadline != null) {
      start(passed(attempt), deadline);
    }
  }

  /** Begins or ends the patience with a reader. */
  void settle(Submission attempt) {
    Loader.Overdue stalled = stalled(attempt);
    boolean active = timers.isTimerActive(stalled);
    if (attempt.outbox().stalled() && !active) {
      start(stalled, stallTimeout);
    } else if (active && !attempt.outbox().stalled()) {
      timers.cancel(stalled);
    }
  }

  /**
   * An answer has ended.
   *
   * @param left those that have not
   */
  void ended(Submission attempt, Collection<Submission> left) {
    timers.cancel(passed(attempt));
    timers.cancel(stalled(attempt));
    ActorRef<Inference.Reply> reader = attempt.generate().replyTo();
    if (left.stream().noneMatch(other -> other.generate().replyTo().equals(reader))) {
      context.unwatch(reader);
    }
  }

  private void start(Loader.Overdue message, Duration time) {
    timers.startSingleTimer(message, message, time);
  }

  private static Loader.Overdue passed(Submission attempt) {
    return new Loader.Overdue(attempt.name(), LATE);
  }

  private Loader.Overdue stalled(Submission attempt) {
    return new Loader.Overdue(attempt.name(), unread);
  }
}
