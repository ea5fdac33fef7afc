package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * The actor that writes down what leaves this machine, before it leaves, and keeps the budget. It
 * works with files, so it runs on a dispatcher of its own.
 */
final class Bookkeeper extends AbstractMatchingBehavior<Bookkeeper.Command> {

  /** What it is told. */
  sealed interface Command {}

  /**
   * A request is about to go to the cloud: may it?
   *
   * @param entry names it, uniquely
   * @param replyTo gets {@link Opened} once it is written down
   */
  record Open(
      String entry,
      String requestId,
      @Nullable String conversationId,
      String model,
      String reason,
      UsageBound bound,
      ActorRef<Booking> replyTo)
      implements Command {}

  /** A request has ended; of an entry that was refused nothing is written. */
  record Close(String entry, Consumption consumption) implements Command {}

  /** An answer was given locally that Claude would have given for this much. */
  record Saved(long tokens, long microDollars) implements Command {}

  /** What has left this machine? */
  record Report(int newest, ActorRef<StatusReply<LedgerReport>> replyTo) implements Command {}

  /** Write down all that was told before, and say so. */
  record Finish(ActorRef<Done> replyTo) implements Command {}

  private record Write() implements Command {}

  private record Flush() implements Command {}

  /** A question that waits for the next write. */
  private record Asked(LedgerLine.Opened line, ActorRef<Booking> replyTo) {}

  /** The answer to {@link Open}. */
  sealed interface Booking {
    String entry();
  }

  /** It is written down and may go. */
  record Opened(String entry) implements Booking {}

  /** It may not go. */
  record Refused(String entry, Failure failure) implements Booking {}

  private static final Duration FLUSH_EVERY = Duration.ofSeconds(5);

  /** Entries whose end could not be written yet; beyond it they stay at their bound. */
  private static final int MOST_UNWRITTEN = 10_000;

  static Behavior<Command> create(
      RoutingSettings settings,
      Path directory,
      ActorRef<Router.Command> router,
      InstantSource clock) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(
                        timers ->
                            new Bookkeeper(context, timers, settings, directory, router, clock))))
        .onFailure(SupervisorStrategy.restart());
  }

  private final RoutingSettings settings;
  private final ActorRef<Router.Command> router;
  private final InstantSource clock;
  private final Ledger ledger;
  private final Savings savings;
  private final Map<String, LedgerLine.Opened> open = new HashMap<>();
  private final List<LedgerLine.Closed> closed = new ArrayList<>();
  private final List<Asked> asked = new ArrayList<>();
  private boolean writing;
  private Savings.Sum unsaved = Savings.Sum.NONE;

  private Bookkeeper(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RoutingSettings settings,
      Path directory,
      ActorRef<Router.Command> router,
      InstantSource clock) {
    super(context);
    this.settings = settings;
    this.router = router;
    this.clock = clock;
    this.ledger = new Ledger(directory);
    this.savings = new Savings(directory);
    timers.startTimerWithFixedDelay(new Flush(), FLUSH_EVERY);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Open request -> onOpen(request);
      case Close close -> onClose(close);
      case Saved saved ->
          unsaved = unsaved.plus(new Savings.Sum(1, saved.tokens(), saved.microDollars()));
      case Report report -> report.replyTo().tell(report(report.newest()));
      case Finish(var replyTo) -> {
        flush();
        replyTo.tell(Done.getInstance());
      }
      case Write _ -> write();
      case Flush _ -> flush();
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      flush();
    }
    return this;
  }

  private void onOpen(Open request) {
    Price price = settings.prices().of(request.model());
    if (price == null && settings.budget().inDollars()) {
      request.replyTo().tell(new Refused(request.entry(), priceUnknown(request.model())));
      return;
    }
    UsageBound bound = request.bound();
    LedgerLine.Subject subject =
        new LedgerLine.Subject(
            request.entry(),
            clock.instant(),
            request.requestId(),
            request.conversationId(),
            request.model(),
            request.reason());
    long most = price == null ? 0 : price.most(bound);
    asked.add(new Asked(new LedgerLine.Opened(subject, bound.tokens(), most), request.replyTo()));
    writeSoon();
  }

  private void onClose(Close close) {
    if (!open.containsKey(close.entry())) {
      write(); // its question may still be waiting
    }
    LedgerLine.Opened opened = open.remove(close.entry());
    if (opened != null && closed.size() < MOST_UNWRITTEN) {
      LedgerLine.Settlement settlement = close.consumption().settle(opened, settings.prices());
      closed.add(new LedgerLine.Closed(opened.subject(), clock.instant(), settlement));
      writeSoon();
    }
  }

  /** Whatever has arrived by then goes with one write: a busy mailbox makes large batches. */
  private void writeSoon() {
    if (!writing) {
      writing = true;
      getContext().getSelf().tell(new Write());
    }
  }

  private void write() {
    writing = false;
    if (asked.isEmpty() && closed.isEmpty()) {
      return;
    }
    List<LedgerLine.Opened> lines = asked.stream().map(Asked::line).toList();
    try {
      List<Ledger.Verdict> verdicts =
          ledger.write(closed, lines, settings.budget(), clock.instant());
      closed.clear();
      for (int i = 0; i < verdicts.size(); i++) {
        answer(asked.get(i), verdicts.get(i));
      }
    } catch (IOException e) {
      getContext().getLog().error("The ledger {} cannot be written.", ledger.file(), e);
      for (Asked each : asked) {
        each.replyTo().tell(new Refused(each.line().subject().entry(), unwritable(e)));
      }
    }
    asked.clear();
  }

  private void answer(Asked question, Ledger.Verdict verdict) {
    String entry = question.line().subject().entry();
    if (verdict.refusal() == null) {
      open.put(entry, question.line());
      question.replyTo().tell(new Opened(entry));
      return;
    }
    if (verdict.exhaustedUntil() != null) {
      router.tell(new Router.BudgetSpent(verdict.refusal(), verdict.exhaustedUntil()));
    }
    question.replyTo().tell(new Refused(entry, verdict.refusal()));
  }

  private void flush() {
    write();
    if (unsaved.answers() > 0) {
      try {
        savings.add(unsaved, clock.instant());
        unsaved = Savings.Sum.NONE;
      } catch (IOException e) {
        getContext().getLog().warn("Savings cannot be written: {}", e.toString());
      }
    }
  }

  private StatusReply<LedgerReport> report(int newest) {
    flush();
    try {
      return StatusReply.success(
          LedgerReport.of(ledger.read(), savings.total(), clock.instant(), newest));
    } catch (IOException e) {
      return StatusReply.error(
          new FinchException(
              Failure.passing(
                  FailureCode.INTERNAL,
                  "The ledger " + ledger.file() + " cannot be read: " + e + ".",
                  "Make the state directory readable (finch.directories.state)."),
              e));
    }
  }

  private Failure unwritable(IOException e) {
    return Failure.passing(
        FailureCode.DISK_FULL,
        "Nothing was sent to Claude, because it could not be written down in "
            + ledger.file()
            + ": "
            + e.getMessage()
            + ".",
        "Make room and the state directory writable (finch.directories.state).");
  }

  private static Failure priceUnknown(String model) {
    return Failure.permanent(
        FailureCode.BUDGET_SPENT,
        "The price of " + model + " is not known, so that a budget in dollars cannot be kept.",
        "Set finch.cloud.prices.\""
            + model
            + "\".input and .output, in dollars per million tokens.");
  }
}
