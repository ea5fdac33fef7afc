package dev.finch.supervisor;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class RelayTest {

  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** Says one word to the address that it is given, and ends. */
  private static Behavior<ActorRef<String>> brief() {
    return Behaviors.receiveMessage(
        address -> {
          address.tell("last word");
          return Behaviors.stopped();
        });
  }

  @Test
  void theEndComesBehindTheLastWords() {
    TestProbe<String> heard = KIT.createTestProbe();
    for (int i = 0; i < 1_000; i++) {
      ActorRef<ActorRef<String>> correspondent = KIT.spawn(brief());
      ActorRef<String> relay =
          KIT.spawn(Relay.of(correspondent, heard.getRef(), word -> word, "ended"));
      correspondent.tell(relay);

      heard.expectMessage("last word");
      heard.expectMessage("ended");
    }
  }
}
