package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  public record Embed(List<String> inputs, ActorRef<Inference.EmbedReply> replyTo)
      implements Command {
    public Embed {
      inputs = List.copyOf(inputs);
    }
  }

  /** Count the tokens that this request's prompt has in the local model. */
  public record CountTokens(GenerateRequest request, ActorRef<Inference.CountReply> replyTo)
      implements Command {}

  /** Where does routing stand? */
  public record Status(ActorRef<RoutingStatus> replyTo) implements Command {}

  /** Take no more prompts, end those under way with {@code Failed}, and say when all have ended. */
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
          return new Exchanges(context, new Exchange.Surroundings(settings, router, books));
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

  private final Exchange.Surroundings surroundings;
  private final Map<ActorRef<?>, ActorRef<Exchange.Delivery>> live = new HashMap<>();

  /** Grows across restarts too, so that no two prompts ever have the same place. */
  private long arrivals = System.nanoTime();

  private final List<ActorRef<Done>> closing = new ArrayList<>();
  private final Cancellable shutdownTask;

  private Exchanges(ActorContext<Command> context, Exchange.Surroundings surroundings) {
    super(context);
    this.surroundings = surroundings;
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
      case Embed embed -> run(new Errand.Embed(embed.inputs(), embed.replyTo()));
      case CountTokens count -> run(new Errand.Count(count.request(), count.replyTo()));
      case Status status ->
          surroundings.router().tell(new Router.Report(live.size(), status.replyTo()));
      case ReadLedger read ->
          surroundings.books().tell(new Bookkeeper.Report(read.newest(), read.replyTo()));
      case Close close -> onClose(close);
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof Terminated ended) {
      ActorRef<Exchange.Delivery> reader = live.remove(ended.getRef());
      if (reader != null && ended instanceof ChildFailed failed) {
        getContext().getLog().error("An exchange failed.", failed.cause());
        reader.tell(new Exchange.Next(new AnswerEvent.Failed(Endings.broken())));
      }
      sayWhenClosed();
    } else if (signal instanceof PostStop || signal instanceof PreRestart) {
      shutdownTask.cancel();
    }
    return this;
  }

  private void onOpen(Open open) {
    if (!closing.isEmpty()) {
      open.reader().tell(new Exchange.Next(new AnswerEvent.Failed(Endings.closing())));
      return;
    }
    int limit = surroundings.settings().liveLimit();
    if (live.size() >= limit) {
      open.reader().tell(new Exchange.Next(new AnswerEvent.Failed(Endings.tooMany(limit))));
      return;
    }
    ActorRef<Exchange.Command> exchange =
        getContext()
            .spawnAnonymous(
                Exchange.create(
                    surroundings, open.request(), ++arrivals, open.demand(), open.reader()));
    live.put(exchange, open.reader());
    getContext().watch(exchange);
  }

  private void run(Errand.Job job) {
    getContext().spawnAnonymous(Errand.create(surroundings, job, ++arrivals));
  }

  private void onClose(Close close) {
    closing.add(close.replyTo());
    live.keySet()
        .forEach(
            exchange ->
                exchange
                    .<Exchange.Command>unsafeUpcast()
                    .tell(new Exchange.Abort(Endings.closing())));
    sayWhenClosed();
  }

  private void sayWhenClosed() {
    if (live.isEmpty()) {
      closing.forEach(waiting -> waiting.tell(Done.getInstance()));
    }
  }
}
