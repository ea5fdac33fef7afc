package dev.finch.routing;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.runtime.BoxedUnit;

/**
 * A source of one answer's events, fed by an {@link Exchange} on credit: content comes only where
 * there is room for it, so nothing is ever dropped and nothing grows.
 */
final class AnswerStage extends GraphStage<SourceShape<AnswerEvent>> {

  /** Content events that the stage has room for. */
  static final int CREDIT = 32;

  private final Outlet<AnswerEvent> out = Outlet.create("answer");
  private final SourceShape<AnswerEvent> shape = SourceShape.of(out);
  private final ActorRef<Exchanges.Command> exchanges;
  private final GenerateRequest request;

  AnswerStage(ActorRef<Exchanges.Command> exchanges, GenerateRequest request) {
    this.exchanges = exchanges;
    this.request = request;
  }

  @Override
  public SourceShape<AnswerEvent> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {

    private final Deque<AnswerEvent> arrived = new ArrayDeque<>();
    private @Nullable ActorRef<Exchange.Command> exchange;
    private boolean ended;
    private int taken;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              push();
            }
          });
    }

    @Override
    public void preStart() {
      // Not the Exchange itself is watched: the word of its death would overtake its last events.
      StageActor self = getStageActor(this::onMessage);
      self.watch(Adapter.toClassic(exchanges));
      exchanges.tell(new Exchanges.Open(request, CREDIT, Adapter.toTyped(self.ref())));
    }

    private BoxedUnit onMessage(Tuple2<org.apache.pekko.actor.ActorRef, Object> envelope) {
      switch (envelope._2()) {
        case Exchange.Opened opened -> exchange = opened.exchange();
        case Exchange.Next next -> add(next.event());
        case Terminated _ -> add(new AnswerEvent.Failed(ExchangeFailures.broken()));
        default -> {}
      }
      return BoxedUnit.UNIT;
    }

    private void add(AnswerEvent event) {
      if (ended) {
        return;
      }
      if (event instanceof AnswerEvent.Queued && arrived.peekLast() instanceof AnswerEvent.Queued) {
        arrived.removeLast(); // an outdated position
      }
      arrived.add(event);
      ended = event instanceof AnswerEvent.Terminal;
      if (isAvailable(out)) {
        push();
      }
    }

    private void push() {
      AnswerEvent event = arrived.poll();
      if (event == null) {
        return;
      }
      push(out, event);
      if (event instanceof AnswerEvent.Terminal) {
        complete(out);
      } else if (event instanceof AnswerEvent.Content) {
        replenish();
      }
    }

    private void replenish() {
      taken++;
      if (exchange != null && !ended && taken >= CREDIT / 2) {
        exchange.tell(new Exchange.Request(taken));
        taken = 0;
      }
    }
  }
}
