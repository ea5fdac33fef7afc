package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** The parent of every {@link Exchange}: it bounds how many there are. */
public final class Exchanges extends AbstractMatchingBehavior<Exchanges.Command> {

  /** What is asked of it. */
  public sealed interface Command {}

  /**
   * Answer this request. The reader gets {@link Exchange.Opened} first, or a lone {@code Failed}
   * where too many prompts are under way.
   *
   * @param demand content events that the reader has room for; at least 1
   * @param reader is watched: when it ends, the work ends
   */
  public record Open(GenerateRequest request, int demand, ActorRef<Exchange.Delivery> reader)
      implements Command {}

  /** Turn each text into a vector, by the local model; waits where that is seconds away. */
  public record Embed(EmbedRequest request, ActorRef<Inference.EmbedReply> replyTo)
      implements Command {}

  /**
   * Count the tokens that this request's prompt has in the local model; in Claude's where only
   * Claude may answer it.
   */
  public record CountTokens(GenerateRequest request, ActorRef<Inference.CountReply> replyTo)
      implements Command {}

  /** Where does routing stand? */
  public record Status(ActorRef<RoutingStatus> replyTo) implements Command {}

  /**
   * Take no more prompts, end those under way with {@code Failed}, and say when all have ended and
   * stand in the ledger.
   */
  public record Close(ActorRef<Done> replyTo) implements Command {}

  /** What has left this machine? The reply's error is a {@code FinchException}. */
  public record ReadLedger(int newest, ActorRef<StatusReply<LedgerReport>> replyTo)
      implements Command {}

  /**
   * The parent of all exchanges.
   *
   * @param state the directory of the ledger, {@code $XDG_STATE_HOME/finch}; made where needed
   */
  public static Behavior<Command> create(
      RoutingSettings settings, ActorRef<Router.Command> router, Path state) {
    return create(settings, router, state, InstantSource.system());
  }

  static Behavior<Command> create(
      RoutingSettings settings, ActorRef<Router.Command> router, Path state, InstantSource clock) {
    return Behaviors.setup(
        context -> {
          ActorRef<Bookkeeper.Command> books =
              context.spawn(
                  Bookkeeper.create(settings, state, router, clock),
                  "bookkeeper",
                  DispatcherSelector.fromConfig(BOOKKEEPING));
          return new Exchanges(context, new ExchangeContext(settings, router, books));
        });
  }

  /**
   * The answer to a request, as it comes. It never fails: its last element is {@code Finished} or
   * {@code Failed}, also when Finch is closed meanwhile. Each run of the source asks anew;
   * cancelling it stops the work.
   */
  public static Source<AnswerEvent, NotUsed> stream(
      ActorRef<Command> exchanges, GenerateRequest request) {
    return Source.fromGraph(new AnswerStage(exchanges, request));
  }

  private static final String BOOKKEEPING = "finch.routing.dispatcher";

  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(4);

  /** A prompt that is under way. */
  private record Live(
      long arrival, ActorRef<Exchange.Delivery> reader, @Nullable ActorRef<AnswerEvent> shadow) {}

  private final ExchangeContext exchangeContext;
  private final Map<ActorRef<?>, Live> live = new HashMap<>();
  private final Map<ActorRef<?>, Long> auxiliaries = new HashMap<>();
  private final Set<ActorRef<?>> shadows = new HashSet<>();

  /** Grows across restarts too, so that no two prompts ever have the same place. */
  private long arrivals = System.nanoTime();

  private final List<ActorRef<Done>> closing = new ArrayList<>();
  private final Cancellable shutdownTask;

  private Exchanges(ActorContext<Command> context, ExchangeContext exchangeContext) {
    super(context);
    this.exchangeContext = exchangeContext;
    this.shutdownTask = endBeforeTheSystem(context);
  }

  /** Streams are torn down with the actor system, so that their last words have to come before. */
  private static Cancellable endBeforeTheSystem(ActorContext<Command> context) {
    ActorRef<Command> self = context.getSelf();
    Scheduler scheduler = context.getSystem().scheduler();
    return CoordinatedShutdown.get(context.getSystem())
        .addCancellableTask(
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
            "end-" + self.path().name(),
            () -> AskPattern.ask(self, Close::new, CLOSE_WITHIN, scheduler));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Open open -> onOpen(open);
      case Embed embed -> run(new AuxiliaryExchange.Embed(embed.request(), embed.replyTo()));
      case CountTokens count -> run(new AuxiliaryExchange.Count(count.request(), count.replyTo()));
      case Status status ->
          exchangeContext.router().tell(new Router.Report(live.size(), status.replyTo()));
      case ReadLedger read ->
          exchangeContext.books().tell(new Bookkeeper.Report(read.newest(), read.replyTo()));
      case Close close -> onClose(close);
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    switch (signal) {
      case ChildFailed failed -> {
        getContext().getLog().error("The owner of a prompt failed.", failed.cause());
        onEnded(failed.getRef(), true);
      }
      case Terminated ended -> onEnded(ended.getRef(), false);
      case PostStop _, PreRestart _ -> shutdownTask.cancel();
      default -> {}
    }
    return this;
  }

  private void onEnded(ActorRef<?> ended, boolean failed) {
    shadows.remove(ended);
    Live prompt = live.remove(ended);
    Long auxiliary = auxiliaries.remove(ended);
    if (failed && prompt != null) {
      prompt.reader().tell(new Exchange.Next(new AnswerEvent.Failed(ExchangeFailures.broken())));
      exchangeContext.router().tell(new Router.Lost(prompt.arrival()));
      if (prompt.shadow() != null) {
        getContext().stop(prompt.shadow());
      }
    } else if (failed && auxiliary != null) {
      exchangeContext.router().tell(new Router.Lost(auxiliary));
    }
    sayWhenClosed();
  }

  private void onOpen(Open open) {
    if (!closing.isEmpty()) {
      open.reader().tell(new Exchange.Next(new AnswerEvent.Failed(ExchangeFailures.closing())));
      return;
    }
    int limit = exchangeContext.settings().liveLimit();
    if (live.size() >= limit) {
      open.reader()
          .tell(new Exchange.Next(new AnswerEvent.Failed(ExchangeFailures.tooMany(limit))));
      return;
    }
    long arrival = ++arrivals;
    GenerateRequest request = open.request();
    ActorRef<AnswerEvent> shadow = shadow(request);
    Exchange.Task task =
        new Exchange.Task(
            request, RoutingQuery.of(request), arrival, open.demand(), open.reader(), shadow);
    ActorRef<Exchange.Command> exchange =
        getContext().spawnAnonymous(Exchange.create(exchangeContext, task));
    live.put(exchange, new Live(arrival, open.reader(), shadow));
    getContext().watch(exchange);
  }

  /** Whoever compares this prompt's answer with the other leg's, or null where nobody does. */
  private @Nullable ActorRef<AnswerEvent> shadow(GenerateRequest request) {
    if (!exchangeContext.settings().shadow().covers(request, shadows.size())) {
      return null;
    }
    ActorRef<AnswerEvent> shadow =
        getContext().spawnAnonymous(Shadow.create(exchangeContext, request, ++arrivals));
    shadows.add(shadow);
    getContext().watch(shadow);
    return shadow;
  }

  private void run(AuxiliaryExchange.Job job) {
    long arrival = ++arrivals;
    ActorRef<?> auxiliary =
        getContext().spawnAnonymous(AuxiliaryExchange.create(exchangeContext, job, arrival));
    auxiliaries.put(auxiliary, arrival);
    getContext().watch(auxiliary);
  }

  private void onClose(Close close) {
    closing.add(close.replyTo());
    List.copyOf(shadows).forEach(getContext()::stop);
    live.keySet()
        .forEach(
            exchange ->
                exchange
                    .<Exchange.Command>unsafeUpcast()
                    .tell(new Exchange.Abort(ExchangeFailures.closing())));
    sayWhenClosed();
  }

  private void sayWhenClosed() {
    if (live.isEmpty() && shadows.isEmpty()) {
      // It is stopped without reading on: what it was told last would be lost.
      closing.forEach(waiting -> exchangeContext.books().tell(new Bookkeeper.Finish(waiting)));
    }
  }
}
