package dev.finch.supervisor;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.routing.Router;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class StateBoardTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @Test
  void theRouterKnowsOfAChangeBeforeAnybodyWhoMightAskBecauseOfIt() {
    TestProbe<Object> both = KIT.createTestProbe();
    StateBoard board =
        new StateBoard(both.getRef().narrow(), new AtomicReference<>(RuntimeState.EMPTY));
    board.subscribe(both.getRef().narrow());
    assertInstanceOf(RuntimeState.class, both.receiveMessage());

    board.publish(
        null,
        new ModelState.Selecting(ModelReference.BUILT_IN),
        ModelReference.BUILT_IN,
        null,
        null);

    assertInstanceOf(Router.RuntimeChanged.class, both.receiveMessage());
    assertInstanceOf(RuntimeState.class, both.receiveMessage());
  }
}
