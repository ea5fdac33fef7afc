package dev.finch.supervisor;

import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An address of its own for one correspondent, so that its messages can be told from another's. The
 * correspondent's end comes by the same way, and so behind its last words.
 */
final class Relay {

  private Relay() {}

  /**
   * @param ended what the recipient is told when the correspondent has ended
   */
  static <F, T> Behavior<F> of(
      ActorRef<?> correspondent, ActorRef<T> recipient, Function<F, T> wrap, T ended) {
    return Behaviors.setup(
        context -> {
          context.watch(correspondent);
          return Behaviors.receive(
              (_, message) -> {
                recipient.tell(wrap.apply(message));
                return Behaviors.same();
              },
              (_, signal) -> {
                if (signal instanceof Terminated) {
                  recipient.tell(ended);
                  return Behaviors.stopped();
                }
                return Behaviors.same();
              });
        });
  }
}
