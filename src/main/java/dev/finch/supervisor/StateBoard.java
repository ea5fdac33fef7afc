package dev.finch.supervisor;

import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The runtime's state and those who want to know it: each change is told once and in order. */
final class StateBoard {

  private final List<ActorRef<RuntimeState>> subscribers = new ArrayList<>();
  private RuntimeState current = RuntimeState.EMPTY;

  RuntimeState current() {
    return current;
  }

  /** Tells the newcomer the state at once. */
  void subscribe(ActorRef<RuntimeState> subscriber) {
    subscribers.add(subscriber);
    subscriber.tell(current);
  }

  void unsubscribe(ActorRef<?> subscriber) {
    subscribers.removeIf(subscriber::equals);
  }

  /** Whether this was a change. */
  boolean publish(@Nullable ModelState serving, @Nullable ModelState preparing) {
    RuntimeState next = new RuntimeState(serving, preparing);
    if (next.equals(current)) {
      return false;
    }
    current = next;
    subscribers.forEach(subscriber -> subscriber.tell(next));
    return true;
  }
}
