package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
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

  /** Where does routing stand? */
  public record Status(ActorRef<RoutingStatus> replyTo) implements Command {}

  /** Take no more prompts, end those under way with {@code Failed}, and say when all have ended. */
  public record Close(ActorRef<Done> replyTo) implements Command {}

  /** The parent of all exchanges. */
  public static Behavior<Command> create(
      RoutingSettings settings, ActorRef<Router.Command> router) {
    return Behaviors.setup(context -> new Exchanges(context, settings, router));
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

  private final RoutingSettings settings;
  private final Exchange.Surroundings surroundings;
  private final Map<ActorRef<?>, ActorRef<Exchange.Delivery>> live = new HashMap<>();
  private long arrivals;
  private @Nullable ActorRef<Done> closing;

  private Exchanges(
      ActorContext<Command> context, RoutingSettings settings, ActorRef<Router.Command> router) {
    super(context);
    this.settings = settings;
    this.surroundings = new Exchange.Surroundings(settings, router);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Open open -> onOpen(open);
      case Status status ->
          surroundings.router().tell(new Router.Report(live.size(), status.replyTo()));
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
    }
    return this;
  }

  private void onOpen(Open open) {
    if (closing != null) {
      open.reader().tell(new Exchange.Next(new AnswerEvent.Failed(Endings.closing())));
      return;
    }
    if (live.size() >= settings.liveLimit()) {
      open.reader()
          .tell(new Exchange.Next(new AnswerEvent.Failed(Endings.tooMany(settings.liveLimit()))));
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

  private void onClose(Close close) {
    closing = close.replyTo();
    live.keySet()
        .forEach(
            exchange ->
                exchange
                    .<Exchange.Command>unsafeUpcast()
                    .tell(new Exchange.Abort(Endings.closing())));
    sayWhenClosed();
  }

  private void sayWhenClosed() {
    if (closing != null && live.isEmpty()) {
      closing.tell(Done.getInstance());
    }
  }
}
