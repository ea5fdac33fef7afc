package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      Bound bound,
      ActorRef<Booking> replyTo)
      implements Command {}

  /** A request has ended; of an entry that was refused nothing is written. */
  record Close(String entry, Consumption consumption) implements Command {}

  /** An answer was given locally that Claude would have given for this much. */
  record Saved(long tokens, long microDollars) implements Command {}

  /** What has left this machine? */
  record Report(int newest, ActorRef<StatusReply<LedgerReport>> replyTo) implements Command {}

  private record Flush() implements Command {}

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
  private final List<LedgerLine.Closed> unwritten = new ArrayList<>();
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
      case Open request -> request.replyTo().tell(onOpen(request));
      case Close close -> onClose(close);
      case Saved saved ->
          unsaved = unsaved.plus(new Savings.Sum(1, saved.tokens(), saved.microDollars()));
      case Report report -> report.replyTo().tell(report(report.newest()));
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

  private Booking onOpen(Open request) {
    Instant now = clock.instant();
    Price price = settings.prices().of(request.model());
    if (price == null && settings.budget().inDollars()) {
      return new Refused(request.entry(), priceUnknown(request.model()));
    }
    Bound bound = request.bound();
    LedgerLine.Opened line =
        new LedgerLine.Opened(
            new LedgerLine.Subject(
                request.entry(),
                now,
                request.requestId(),
                request.conversationId(),
                request.model(),
                request.reason()),
            bound.tokens(),
            price == null ? 0 : price.most(bound.promptTokens(), bound.completionTokens()));
    try {
      Ledger.Verdict verdict = ledger.open(line, settings.budget(), now);
      if (verdict.refusal() != null) {
        if (verdict.exhaustedUntil() != null) {
          router.tell(new Router.BudgetSpent(verdict.refusal(), verdict.exhaustedUntil()));
        }
        return new Refused(request.entry(), verdict.refusal());
      }
    } catch (IOException e) {
      getContext().getLog().error("The ledger {} cannot be written.", ledger.file(), e);
      return new Refused(request.entry(), unwritable(e));
    }
    open.put(request.entry(), line);
    return new Opened(request.entry());
  }

  private void onClose(Close close) {
    LedgerLine.Opened opened = open.remove(close.entry());
    if (opened == null) {
      return;
    }
    LedgerLine.Settlement settlement = close.consumption().settle(opened, settings.prices());
    if (unwritten.size() < MOST_UNWRITTEN) {
      unwritten.add(new LedgerLine.Closed(opened.subject(), clock.instant(), settlement));
    }
    writeClosed();
  }

  private void flush() {
    writeClosed();
    if (unsaved.answers() > 0) {
      try {
        savings.add(unsaved, clock.instant());
        unsaved = Savings.Sum.NONE;
      } catch (IOException e) {
        getContext().getLog().warn("Savings cannot be written: {}", e.toString());
      }
    }
  }

  private void writeClosed() {
    if (unwritten.isEmpty()) {
      return;
    }
    try {
      ledger.close(unwritten, settings.budget(), clock.instant());
      unwritten.clear();
    } catch (IOException e) {
      getContext().getLog().error("The ledger {} cannot be written.", ledger.file(), e);
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
