package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The actor that owns one prompt: it asks the Router which way to go, relays the provider's answer
 * against the reader's demand, turns to another provider while nothing has been answered yet, and
 * ends with exactly one terminal event, whoever dies.
 */
public final class Exchange extends AbstractMatchingBehavior<Exchange.Command> {

  /** What the Exchange is told. */
  public sealed interface Command {}

  /** The reader has room for {@code count} more content events. */
  public record Request(int count) implements Command {}

  /** The reader wants no more; it gets {@code Failed(CANCELLED)}. */
  public record Cancel() implements Command {}

  /** The prompt has to end now. */
  record Abort(Failure failure) implements Command {}

  /** The reader has taken nothing for too long. */
  record ReaderStalled() implements Command {}

  private record Decided(Router.Verdict verdict) implements Command {}

  private record Booked(Bookkeeper.Booking booking) implements Command {}

  private record FromProvider(Inference.Reply reply) implements Command {}

  private record ProviderGone(String attempt) implements Command {}

  private record ReaderGone() implements Command {}

  private record DeadlinePassed() implements Command {}

  private record WaitedEnough() implements Command {}

  private record Tick() implements Command {}

  private record SettleNow() implements Command {}

  /** What the reader gets. */
  public sealed interface Delivery {}

  /** The prompt is under way; demand and cancellation go to this reference. First of all. */
  public record Opened(ActorRef<Command> exchange) implements Delivery {}

  /** The next event of the answer; after a terminal one nothing follows. */
  public record Next(AnswerEvent event) implements Delivery {}

  /**
   * One prompt.
   *
   * @param request what is asked
   * @param query what decides which way it goes
   * @param arrival its place among all, which names it
   * @param demand content events that the reader has room for; at least 1
   * @param reader gets every event and is watched: when it ends, the work ends
   * @param listener hears every event too, or null
   */
  record Task(
      GenerateRequest request,
      RoutingQuery query,
      long arrival,
      int demand,
      ActorRef<Delivery> reader,
      @Nullable ActorRef<AnswerEvent> listener) {}

  private enum Phase {
    /** Which way? */
    DECIDING,
    /** May it leave this machine? */
    BOOKING,
    /** A provider has it and has not answered. */
    ASKED,
    ANSWERING,
    /** The reader has its end; what the cloud took is still to be told. */
    SETTLING,
    ENDED
  }

  /**
   * How often an Exchange looks after itself; the Router is asked again in case it was restarted.
   */
  private static final Duration LONGEST_TICK = Duration.ofSeconds(2);

  /** How long a provider that was told to stop may take to say what it had sent. */
  private static final Duration SETTLE_WITHIN = Duration.ofSeconds(1);

  static Behavior<Command> create(ExchangeContext exchangeContext, Task task) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Exchange(context, timers, exchangeContext, task)));
  }

  private final TimerScheduler<Command> timers;
  private final RoutingSettings settings;
  private final ActorRef<Router.Command> router;
  private final Account account;
  private final GenerateRequest request;
  private final long arrival;
  private final ReaderSide reader;
  private final ActorRef<Router.Verdict> verdicts;
  private final ActorRef<Inference.Reply> replies;
  private final Duration tick;

  private Phase phase = Phase.DECIDING;
  private RoutingQuery query;

  /** Tells this asking of a request from others: one request may be asked several times at once. */
  private final String token =
      Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);

  private int attempts;
  private @Nullable Attempt attempt;
  private AnswerEvent.@Nullable Queued queued;
  private AnswerEvent.@Nullable Started started;
  private int quietTicks;
  private @Nullable Failure brokenOff;
  private boolean outlivedLocal;

  private Exchange(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ExchangeContext exchangeContext,
      Task task) {
    super(context);
    this.timers = timers;
    this.settings = exchangeContext.settings();
    this.router = exchangeContext.router();
    this.request = task.request();
    this.query = task.query();
    this.arrival = task.arrival();
    this.reader = new ReaderSide(task, timers, settings.stallLimit());
    this.account =
        new Account(
            request,
            exchangeContext,
            context.messageAdapter(Bookkeeper.Booking.class, Booked::new));
    this.verdicts = context.messageAdapter(Router.Verdict.class, Decided::new);
    this.replies = context.messageAdapter(Inference.Reply.class, FromProvider::new);
    Duration half = Duration.ofNanos(settings.silenceLimit().toNanos() / 2);
    this.tick = half.compareTo(LONGEST_TICK) < 0 ? half : LONGEST_TICK;
    context.watchWith(task.reader(), new ReaderGone());
    timers.startTimerWithFixedDelay(Tick.class, new Tick(), tick);
    if (request.deadline() != null) {
      timers.startSingleTimer(DeadlinePassed.class, new DeadlinePassed(), request.deadline());
    }
    task.reader().tell(new Opened(context.getSelf()));
    askRouter();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    try {
      if (phase == Phase.SETTLING) {
        onSettling(command);
      } else {
        onCommand(command);
      }
    } catch (StackOverflowError e) {
      throw new IllegalStateException("This prompt overflowed the stack", e); // and no other's
    }
    return phase == Phase.ENDED ? Behaviors.stopped() : this;
  }

  private void onCommand(Command command) {
    switch (command) {
      case Request more -> onRequest(more.count());
      case Decided decided -> onVerdict(decided.verdict());
      case Booked booked -> onBooked(booked.booking());
      case FromProvider said -> onReply(said.reply());
      case ProviderGone gone -> onProviderGone(gone.attempt());
      case Tick _ -> onTick();
      case Cancel _, ReaderGone _ -> abort(ExchangeFailures.cancelled());
      case Abort abort -> abort(abort.failure());
      case DeadlinePassed _ -> abort(ExchangeFailures.deadline(requireNonNull(request.deadline())));
      case ReaderStalled _ -> abort(ExchangeFailures.stalled(settings.stallLimit()));
      case WaitedEnough _ -> onWaitedEnough();
      case SettleNow _ -> {}
    }
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      if (phase != Phase.ENDED && phase != Phase.SETTLING) {
        abort(ExchangeFailures.broken());
      }
      if (phase == Phase.SETTLING) {
        settle();
      }
    }
    return this;
  }

  private void onRequest(int count) {
    reader.more(count);
    if (attempt != null) {
      attempt.provider().tell(new Inference.Demand(attempt.name(), count));
    }
  }

  private void onVerdict(Router.Verdict verdict) {
    if (verdict instanceof Router.Yield) {
      abort(ExchangeFailures.yielded());
      return;
    }
    if (phase != Phase.DECIDING) {
      return;
    }
    switch (verdict) {
      case Router.Waiting waiting -> onWaiting(waiting);
      case Router.Refused refused -> end(new AnswerEvent.Failed(refused.failure()));
      case Router.ToLocal local -> send(Attempt.local(nextName(), local));
      case Router.ToClaude claude -> send(Attempt.claude(nextName(), claude, request));
      case Router.Yield _ -> {}
    }
  }

  private void onWaiting(Router.Waiting waiting) {
    if (!timers.isTimerActive(WaitedEnough.class)) {
      timers.startSingleTimer(WaitedEnough.class, new WaitedEnough(), settings.waitingTime());
    }
    AnswerEvent.Queued place = new AnswerEvent.Queued(waiting.position(), waiting.reason());
    if (!place.equals(queued)) {
      queued = place;
      reader.tell(place);
    }
  }

  private void onWaitedEnough() {
    if (phase == Phase.DECIDING) {
      abort(ExchangeFailures.waitedEnough(settings.waitingTime()));
    }
  }

  private void send(Attempt next) {
    attempt = next;
    phase = Phase.ASKED;
    quietTicks = 0;
    timers.cancel(WaitedEnough.class);
    getContext().watchWith(next.provider(), new ProviderGone(next.name()));
    next.provider()
        .tell(
            new Inference.Generate(next.name(), request, next.reason(), reader.demand(), replies));
  }

  private void onReply(Inference.Reply reply) {
    if (attempt == null || !attempt.name().equals(reply.attempt())) {
      return;
    }
    quietTicks = 0;
    switch (reply) {
      case Inference.Rejected rejected -> onFailure(rejected.failure());
      case Inference.Quoted quoted -> onQuoted(attempt, quoted);
      case Inference.Egress egress -> account.egress(egress);
      case Inference.Emitted emitted -> onEvent(attempt, emitted.event());
    }
  }

  /** Nothing goes to the cloud before it is written down and within the budget. */
  private void onQuoted(Attempt current, Inference.Quoted quoted) {
    phase = Phase.BOOKING;
    attempt = current.at(quoted.model());
    account.quoted(current, quoted);
  }

  private void onBooked(Bookkeeper.Booking booking) {
    if (attempt == null || !account.isAbout(booking)) {
      return;
    }
    switch (booking) {
      case Bookkeeper.Opened _ -> {
        phase = Phase.ASKED;
        account.granted();
        attempt.provider().tell(new Inference.Proceed(attempt.name()));
      }
      case Bookkeeper.Refused refused -> {
        account.refused();
        attempt.provider().tell(new Inference.Cancel(attempt.name()));
        onFailure(refused.failure());
      }
    }
  }

  private void onEvent(Attempt current, AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Queued place when phase == Phase.ASKED -> reader.tell(place);
      case AnswerEvent.Queued _ -> {}
      case AnswerEvent.Started first -> started = first;
      case AnswerEvent.Content content -> onContent(current, content);
      case AnswerEvent.Finished finished -> onFinished(current, finished);
      case AnswerEvent.Failed failed -> onFailure(failed.failure());
    }
  }

  private void onContent(Attempt current, AnswerEvent.Content content) {
    announce(current);
    if (!reader.take(content)) {
      abort(ExchangeFailures.overrun(current.model()));
    }
  }

  /** {@code Started} was withheld until now, so that it is true. */
  private void announce(Attempt current) {
    if (phase == Phase.ASKED) {
      phase = Phase.ANSWERING;
      reader.tell(started != null ? started : new AnswerEvent.Started(current.provenance()));
    }
  }

  private void onFinished(Attempt current, AnswerEvent.Finished finished) {
    announce(current);
    Cost cost = account.finished(current, finished);
    end(finished.at(cost));
  }

  /** Once the next model is worth waiting for; a prompt that took two with it gets no third. */
  private void onProviderGone(String name) {
    if (attempt == null || !attempt.name().equals(name)) {
      return;
    }
    Failure lost = ExchangeFailures.lost(attempt.model());
    if (attempt.kind() == Provenance.Provider.LOCAL && !outlivedLocal) {
      outlivedLocal = true;
      onFailure(lost, query.outlivedLocal(lost));
    } else {
      onFailure(lost);
    }
  }

  private void onFailure(Failure failure) {
    boolean local = requireNonNull(attempt, "attempt").kind() == Provenance.Provider.LOCAL;
    onFailure(failure, local ? query.triedLocal(failure) : query.triedClaude(failure));
  }

  /** The provider does not answer; another may, while the reader has seen nothing. */
  private void onFailure(Failure failure, RoutingQuery next) {
    Attempt failed = requireNonNull(attempt, "attempt");
    account.failed(failure);
    if (phase == Phase.ANSWERING || !ExchangeFailures.anotherMayAnswer(failure.code())) {
      end(new AnswerEvent.Failed(failure));
      return;
    }
    leave(failed);
    query = next;
    router.tell(new Router.Ended(arrival, failure, null));
    phase = Phase.DECIDING;
    askRouter();
  }

  private void onTick() {
    if (phase == Phase.DECIDING) {
      query = query.later();
      askRouter();
    } else if (attempt != null && reader.hasRoom()) {
      quietTicks++;
      if (tick.toNanos() * quietTicks >= settings.silenceLimit().toNanos()) {
        attempt.provider().tell(new Inference.Cancel(attempt.name()));
        onFailure(ExchangeFailures.silent(attempt.model(), settings.silenceLimit()));
      }
    }
  }

  /** The prompt ends from this side; a provider may still have to say what it had sent. */
  private void abort(Failure failure) {
    if (attempt != null) {
      attempt.provider().tell(new Inference.Cancel(attempt.name()));
    }
    conclude(new AnswerEvent.Failed(failure));
    brokenOff = failure;
    if (account.isOpen()) {
      phase = Phase.SETTLING;
      timers.startSingleTimer(SettleNow.class, new SettleNow(), SETTLE_WITHIN);
    } else {
      settle();
    }
  }

  private void onSettling(Command command) {
    switch (command) {
      case FromProvider(Inference.Egress egress)
          when attempt != null && attempt.name().equals(egress.attempt()) -> {
        account.egress(egress);
        settle();
      }
      case ProviderGone _, SettleNow _ -> settle();
      default -> {}
    }
  }

  private void settle() {
    account.failed(requireNonNull(brokenOff, "brokenOff"));
    phase = Phase.ENDED;
  }

  /** The prompt ends because there is nothing more to come. */
  private void end(AnswerEvent.Terminal terminal) {
    conclude(terminal);
    phase = Phase.ENDED;
  }

  private void conclude(AnswerEvent.Terminal terminal) {
    Failure failure = terminal instanceof AnswerEvent.Failed failed ? failed.failure() : null;
    reader.tell(terminal);
    router.tell(new Router.Ended(arrival, failure, tally(failure)));
  }

  private String tally(@Nullable Failure failure) {
    String code = (failure == null ? FailureCode.INTERNAL : failure.code()).name();
    if (phase != Phase.ANSWERING || attempt == null) {
      return (query.beside() == null ? "rejected/" : "shadow/") + code;
    }
    String provider = attempt.kind().name().toLowerCase(Locale.ROOT);
    return query.beside() == null ? provider + "/" + attempt.reason() : "shadow/" + provider;
  }

  private void leave(Attempt left) {
    getContext().unwatch(left.provider());
    attempt = null;
    started = null;
  }

  private void askRouter() {
    router.tell(new Router.Decide(query, arrival, verdicts));
  }

  private String nextName() {
    return request.id() + "#" + ++attempts + "@" + token;
  }
}
