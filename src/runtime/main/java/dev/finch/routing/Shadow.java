package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.inference.WhenNotReady;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The actor that listens to one answer and, once it has begun, asks the leg that does not give it
 * the same; in the end it logs how far the two agree, and nothing of what they say.
 *
 * <p>Its own prompt is one like any other, with an {@link Exchange}, the budget and a line in the
 * ledger, save that it takes only what nobody else needs and makes way when somebody does.
 */
final class Shadow extends AbstractMatchingBehavior<Shadow.Command> {

  /** What it is told. */
  sealed interface Command {}

  private record Heard(AnswerEvent event) implements Command {}

  private record Delivered(Exchange.Delivery delivery) implements Command {}

  private record ExchangeGone() implements Command {}

  /** Content events of the other answer that are taken at once. */
  private static final int CREDIT = 32;

  /**
   * The listener of one answer.
   *
   * @param request what was asked
   * @param arrival the place of its own prompt among all
   */
  static Behavior<AnswerEvent> create(
      ExchangeContext exchangeContext, GenerateRequest request, long arrival) {
    return Behaviors.transformMessages(
        AnswerEvent.class,
        Behaviors.<Command>setup(context -> new Shadow(context, exchangeContext, request, arrival)),
        builder -> builder.match(AnswerEvent.class, Heard::new));
  }

  private final ExchangeContext exchangeContext;
  private final GenerateRequest request;
  private final long arrival;
  private final ComparedAnswer given = new ComparedAnswer();
  private @Nullable ComparedAnswer other;
  private @Nullable ActorRef<Exchange.Command> exchange;

  private Shadow(
      ActorContext<Command> context,
      ExchangeContext exchangeContext,
      GenerateRequest request,
      long arrival) {
    super(context);
    this.exchangeContext = exchangeContext;
    this.request = request;
    this.arrival = arrival;
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Heard(var event) -> onHeard(event);
      case Delivered(Exchange.Opened opened) -> {
        exchange = opened.exchange();
        yield this;
      }
      case Delivered(Exchange.Next next) -> onOther(next.event());
      case ExchangeGone _ -> onExchangeGone();
    };
  }

  private Behavior<Command> onHeard(AnswerEvent event) {
    given.add(event);
    return switch (event) {
      case AnswerEvent.Started(var who, _) when who.demonstration() -> Behaviors.stopped();
      case AnswerEvent.Started(var who, _) -> askBeside(who.provider());
      case AnswerEvent.Failed _ -> Behaviors.stopped(); // there is nothing to compare with
      case AnswerEvent.Finished _ -> compareWhenBothEnded();
      default -> this;
    };
  }

  private Behavior<Command> askBeside(Provenance.Provider answers) {
    GenerateRequest again =
        request.toBuilder()
            .id(request.id() + "~shadow")
            .whenNotReady(WhenNotReady.FORWARD)
            .demonstrationAllowed(false)
            .deadline(exchangeContext.settings().shadow().time())
            .build();
    Provenance.Provider beside =
        answers == Provenance.Provider.LOCAL
            ? Provenance.Provider.CLAUDE
            : Provenance.Provider.LOCAL;
    other = new ComparedAnswer();
    Exchange.Task task =
        new Exchange.Task(
            again,
            RoutingQuery.of(again).beside(beside),
            arrival,
            CREDIT,
            getContext().messageAdapter(Exchange.Delivery.class, Delivered::new),
            null);
    getContext()
        .watchWith(
            getContext().spawnAnonymous(Exchange.create(exchangeContext, task)),
            new ExchangeGone());
    return this;
  }

  private Behavior<Command> onOther(AnswerEvent event) {
    if (other == null || event instanceof AnswerEvent.Failed) {
      return Behaviors.stopped(); // nobody was to spare, or it did not answer: both are counted
    }
    other.add(event);
    if (event instanceof AnswerEvent.Content && exchange != null) {
      exchange.tell(new Exchange.Request(1));
    }
    return event instanceof AnswerEvent.Finished ? compareWhenBothEnded() : this;
  }

  private Behavior<Command> compareWhenBothEnded() {
    if (other == null || !other.complete() || !given.complete()) {
      return this;
    }
    getContext()
        .getLog()
        .info(
            "Compared {}: answered by {}, beside it {}: {}",
            request.id(),
            given.describe(),
            other.describe(),
            Agreement.of(given, other));
    return Behaviors.stopped();
  }

  private Behavior<Command> onExchangeGone() {
    if (other != null && other.complete()) {
      return this;
    }
    exchangeContext.router().tell(new Router.Lost(arrival));
    return Behaviors.stopped();
  }
}
