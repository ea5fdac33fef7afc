package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.Locale;
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

  private record Decided(Router.Verdict verdict) implements Command {}

  private record Booked(Bookkeeper.Booking booking) implements Command {}

  private record FromProvider(Inference.Reply reply) implements Command {}

  private record ProviderGone(String attempt) implements Command {}

  private record ReaderGone() implements Command {}

  private record DeadlinePassed() implements Command {}

  private record ReaderStalled() implements Command {}

  private record WaitedEnough() implements Command {}

  private record Tick() implements Command {}

  /** What the reader gets. */
  public sealed interface Delivery {}

  /** The prompt is under way; demand and cancellation go to this reference. First of all. */
  public record Opened(ActorRef<Command> exchange) implements Delivery {}

  /** The next event of the answer; after a terminal one nothing follows. */
  public record Next(AnswerEvent event) implements Delivery {}

  /**
   * What all exchanges share.
   *
   * @param settings limits
   * @param router decides
   * @param books are told of what leaves this machine, before it does
   */
  record Surroundings(
      RoutingSettings settings,
      ActorRef<Router.Command> router,
      ActorRef<Bookkeeper.Command> books) {}

  private enum Phase {
    DECIDING,
    BOOKING,
    ASKED,
    ANSWERING,
    ENDED
  }

  /** Content that a provider may send beyond the demand before it is given up. */
  private static final int SLACK = 64;

  /**
   * How often an Exchange looks after itself; the Router is asked again in case it was restarted.
   */
  private static final Duration LONGEST_TICK = Duration.ofSeconds(2);

  /**
   * The owner of one prompt.
   *
   * @param arrival the prompt's place among all
   * @param demand content events that the reader has room for; at least 1
   * @param reader gets every event and is watched: when it ends, the work ends
   */
  static Behavior<Command> create(
      Surroundings surroundings,
      GenerateRequest request,
      long arrival,
      int demand,
      ActorRef<Delivery> reader) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Exchange(context, timers, surroundings, request, arrival, demand, reader)));
  }

  private final TimerScheduler<Command> timers;
  private final RoutingSettings settings;
  private final ActorRef<Router.Command> router;
  private final ActorRef<Bookkeeper.Command> books;
  private final GenerateRequest request;
  private final long arrival;
  private final ActorRef<Delivery> reader;
  private final ActorRef<Router.Verdict> verdicts;
  private final ActorRef<Inference.Reply> replies;
  private final Duration tick;

  private Phase phase = Phase.DECIDING;
  private RoutingQuery query;
  private int credit;
  private int attempts;
  private @Nullable Attempt attempt;
  private AnswerEvent.@Nullable Queued queued;
  private AnswerEvent.@Nullable Started started;
  private int quietTicks;

  private Exchange(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Surroundings surroundings,
      GenerateRequest request,
      long arrival,
      int demand,
      ActorRef<Delivery> reader) {
    super(context);
    this.timers = timers;
    this.settings = surroundings.settings();
    this.router = surroundings.router();
    this.books = surroundings.books();
    this.request = request;
    this.arrival = arrival;
    this.credit = Math.max(1, demand);
    this.reader = reader;
    this.verdicts = context.messageAdapter(Router.Verdict.class, Decided::new);
    this.replies = context.messageAdapter(Inference.Reply.class, FromProvider::new);
    this.query = RoutingQuery.of(request);
    Duration half = settings.silenceLimit().dividedBy(2);
    this.tick = half.compareTo(LONGEST_TICK) < 0 ? half : LONGEST_TICK;
    context.watchWith(reader, new ReaderGone());
    timers.startTimerWithFixedDelay(Tick.class, new Tick(), tick);
    if (request.deadline() != null) {
      timers.startSingleTimer(DeadlinePassed.class, new DeadlinePassed(), request.deadline());
    }
    reader.tell(new Opened(context.getSelf()));
    askRouter();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Request more -> onRequest(more.count());
      case Decided decided -> onVerdict(decided.verdict());
      case Booked booked -> onBooked(booked.booking());
      case FromProvider said -> onReply(said.reply());
      case ProviderGone gone -> onProviderGone(gone.attempt());
      case Tick _ -> onTick();
      case Cancel _ -> abort(Endings.cancelled());
      case ReaderGone _ -> abort(Endings.cancelled());
      case Abort abort -> abort(abort.failure());
      case DeadlinePassed _ -> abort(Endings.deadline(requireNonNull(request.deadline())));
      case ReaderStalled _ -> abort(Endings.stalled(settings.stallLimit()));
      case WaitedEnough _ -> onWaitedEnough();
    }
    return phase == Phase.ENDED ? Behaviors.stopped() : this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop && phase != Phase.ENDED) {
      abort(Endings.closing());
    }
    return this;
  }

  private void onRequest(int count) {
    credit += count;
    timers.cancel(ReaderStalled.class);
    if (attempt != null) {
      attempt.provider().tell(new Inference.Demand(attempt.name(), count));
    }
    watchReader();
  }

  private void onVerdict(Router.Verdict verdict) {
    if (phase != Phase.DECIDING) {
      return;
    }
    switch (verdict) {
      case Router.Waiting waiting -> onWaiting(waiting);
      case Router.Refused refused -> end(new AnswerEvent.Failed(refused.failure()));
      case Router.ToLocal local -> send(Attempt.local(nextName(), local));
      case Router.ToClaude claude -> book(Attempt.claude(nextName(), claude, request));
    }
  }

  private void onWaiting(Router.Waiting waiting) {
    if (!timers.isTimerActive(WaitedEnough.class)) {
      timers.startSingleTimer(WaitedEnough.class, new WaitedEnough(), settings.waitingTime());
    }
    AnswerEvent.Queued place = new AnswerEvent.Queued(waiting.position(), waiting.reason());
    if (!place.equals(queued)) {
      queued = place;
      deliver(place);
    }
  }

  private void onWaitedEnough() {
    if (phase == Phase.DECIDING) {
      abort(Endings.waitedEnough(settings.waitingTime()));
    }
  }

  /** Nothing goes to the cloud before it is written down and within the budget. */
  private void book(Attempt next) {
    attempt = next;
    phase = Phase.BOOKING;
    timers.cancel(WaitedEnough.class);
    ActorRef<Bookkeeper.Booking> booked =
        getContext().messageAdapter(Bookkeeper.Booking.class, Booked::new);
    books.tell(requireNonNull(next.outgoing()).question(request, next, booked));
  }

  private void onBooked(Bookkeeper.Booking booking) {
    Attempt booked = attempt;
    if (booked == null
        || booked.outgoing() == null
        || !booked.outgoing().entry().equals(booking.entry())) {
      return;
    }
    switch (booking) {
      case Bookkeeper.Opened _ -> {
        booked.outgoing().onSent();
        send(booked);
      }
      case Bookkeeper.Refused refused -> onFailure(refused.failure());
    }
  }

  private void send(Attempt next) {
    attempt = next;
    phase = Phase.ASKED;
    quietTicks = 0;
    timers.cancel(WaitedEnough.class);
    getContext().watchWith(next.provider(), new ProviderGone(next.name()));
    int demand = Math.max(1, credit);
    next.provider()
        .tell(new Inference.Generate(next.name(), request, next.reason(), demand, replies));
  }

  private void onReply(Inference.Reply reply) {
    if (attempt == null || !attempt.name().equals(reply.attempt())) {
      return;
    }
    quietTicks = 0;
    switch (reply) {
      case Inference.Rejected rejected -> onRejected(attempt, rejected.failure());
      case Inference.Egress egress -> onEgress(attempt, egress);
      case Inference.Emitted emitted -> onEvent(attempt, emitted.event());
    }
  }

  private void onEvent(Attempt current, AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Queued queued when phase == Phase.ASKED -> deliver(queued);
      case AnswerEvent.Queued _ -> {}
      case AnswerEvent.Started first -> started = first;
      case AnswerEvent.Content content -> onContent(current, content);
      case AnswerEvent.Finished finished -> onFinished(current, finished);
      case AnswerEvent.Failed failed -> onFailure(failed.failure());
    }
  }

  private void onRejected(Attempt current, Failure failure) {
    if (current.outgoing() != null) {
      books.tell(current.outgoing().rejected(failure));
    }
    onFailure(failure);
  }

  private void onEgress(Attempt current, Inference.Egress egress) {
    if (current.outgoing() != null) {
      current.outgoing().onEgress(egress);
    }
  }

  private void onFinished(Attempt current, AnswerEvent.Finished finished) {
    announce(current);
    if (current.outgoing() != null) {
      books.tell(current.outgoing().finished(finished));
    } else {
      noteSavings(current, finished);
    }
    Cost cost =
        current.kind() == Provenance.Provider.LOCAL
            ? Cost.FREE
            : settings.prices().cost(current.model(), finished.usage());
    end(new AnswerEvent.Finished(finished.reason(), finished.usage(), finished.timings(), cost));
  }

  private void noteSavings(Attempt current, AnswerEvent.Finished finished) {
    Price price =
        current.comparable() == null || current.demonstration()
            ? null
            : settings.prices().of(current.comparable());
    if (price != null) {
      books.tell(
          new Bookkeeper.Saved(
              finished.usage().totalTokens(), price.of(finished.usage()).microDollars()));
    }
  }

  private void onContent(Attempt current, AnswerEvent.Content content) {
    announce(current);
    deliver(content);
    credit--;
    if (credit < -SLACK) {
      abort(Endings.overrun(current.model()));
    } else {
      watchReader();
    }
  }

  /** {@code Started} was withheld until now, so that it is true. */
  private void announce(Attempt current) {
    if (phase == Phase.ASKED) {
      phase = Phase.ANSWERING;
      deliver(started != null ? started : new AnswerEvent.Started(current.provenance()));
    }
  }

  private void onProviderGone(String name) {
    if (attempt != null && attempt.name().equals(name)) {
      onFailure(Endings.lost(attempt.model()));
    }
  }

  /** The provider does not answer; another may, while the reader has seen nothing. */
  private void onFailure(Failure failure) {
    Attempt failed = requireNonNull(attempt, "attempt");
    if (phase == Phase.ANSWERING || !Endings.anotherMayAnswer(failure.code())) {
      end(new AnswerEvent.Failed(failure));
      return;
    }
    account(failed, failure);
    leave(failed);
    query =
        failed.kind() == Provenance.Provider.LOCAL
            ? query.triedLocal(failure)
            : query.triedClaude(failure);
    router.tell(new Router.Ended(verdicts, failure, null));
    phase = Phase.DECIDING;
    askRouter();
  }

  private void onTick() {
    if (phase == Phase.DECIDING) {
      query = query.later();
      askRouter();
    } else if (attempt != null && credit > 0) {
      quietTicks++;
      if (tick.multipliedBy(quietTicks).compareTo(settings.silenceLimit()) >= 0) {
        attempt.provider().tell(new Inference.Cancel(attempt.name()));
        onFailure(Endings.silent(attempt.model(), settings.silenceLimit()));
      }
    }
  }

  private void abort(Failure failure) {
    if (attempt != null) {
      attempt.provider().tell(new Inference.Cancel(attempt.name()));
    }
    end(new AnswerEvent.Failed(failure));
  }

  private void end(AnswerEvent.Terminal terminal) {
    Failure failure = terminal instanceof AnswerEvent.Failed failed ? failed.failure() : null;
    String tally = tally(failure);
    if (attempt != null) {
      account(attempt, failure);
      leave(attempt);
    }
    phase = Phase.ENDED;
    deliver(terminal);
    router.tell(new Router.Ended(verdicts, failure, tally));
  }

  private void account(Attempt ended, @Nullable Failure failure) {
    if (ended.outgoing() != null && failure != null) {
      books.tell(ended.outgoing().failed(failure, phase == Phase.ANSWERING));
    }
  }

  private String tally(@Nullable Failure failure) {
    if (phase == Phase.ANSWERING && attempt != null) {
      return attempt.kind().name().toLowerCase(Locale.ROOT) + "/" + attempt.reason();
    }
    return "rejected/" + (failure == null ? FailureCode.INTERNAL : failure.code());
  }

  private void leave(Attempt left) {
    getContext().unwatch(left.provider());
    attempt = null;
    started = null;
  }

  private void askRouter() {
    router.tell(new Router.Decide(query, arrival, verdicts));
  }

  private void watchReader() {
    if (credit <= 0 && !timers.isTimerActive(ReaderStalled.class)) {
      timers.startSingleTimer(ReaderStalled.class, new ReaderStalled(), settings.stallLimit());
    }
  }

  private void deliver(AnswerEvent event) {
    reader.tell(new Next(event));
  }

  private String nextName() {
    return request.id() + "#" + ++attempts;
  }
}
