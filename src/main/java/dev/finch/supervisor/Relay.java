package dev.finch.supervisor;

import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** An address of its own for one correspondent, so that its messages can be told from another's. */
final class Relay {

  private Relay() {}

  static <F, T> Behavior<F> to(ActorRef<T> recipient, Function<F, T> wrap) {
    return Behaviors.receiveMessage(
        message -> {
          recipient.tell(wrap.apply(message));
          return Behaviors.same();
        });
  }
}
