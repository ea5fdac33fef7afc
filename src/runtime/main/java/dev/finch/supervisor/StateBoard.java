package dev.finch.supervisor;

import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.routing.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The runtime's state and those who want to know it: each change is told once and in order. */
final class StateBoard {

  private final ActorRef<Router.Command> router;
  private final List<ActorRef<RuntimeState>> subscribers = new ArrayList<>();
  private Router.@Nullable LocalLeg leg;
  private @Nullable ModelReference following;
  private @Nullable ModelReference about;
  private final AtomicReference<RuntimeState> current;

  /**
   * @param current holds what was published last, for all who read it from outside
   */
  StateBoard(ActorRef<Router.Command> router, AtomicReference<RuntimeState> current) {
    this.router = router;
    this.current = current;
  }

  RuntimeState current() {
    return current.get();
  }

  /** Tells the newcomer the state at once. */
  void subscribe(ActorRef<RuntimeState> subscriber) {
    subscribers.add(subscriber);
    subscriber.tell(current());
  }

  void unsubscribe(ActorRef<?> subscriber) {
    subscribers.removeIf(subscriber::equals);
  }

  /**
   * Tells subscribers and the Router of a change of state, and the Router alone of a change of load
   * or of what follows.
   *
   * @param wanted the model that was asked for, whatever came of it
   * @param next the model that follows the one that is on its way, or null
   * @param ready how to reach the model that serves, or null while none is Ready
   */
  void publish(
      @Nullable ModelState serving,
      @Nullable ModelState preparing,
      ModelReference wanted,
      @Nullable ModelReference next,
      Router.@Nullable LocalLeg ready) {
    RuntimeState state = RuntimeState.of(serving, preparing);
    boolean changed = !state.equals(current());
    boolean othersChanged =
        !Objects.equals(ready, leg)
            || !Objects.equals(next, following)
            || !Objects.equals(wanted, about);
    leg = ready;
    following = next;
    about = wanted;
    // The Router first: whoever sees that a model is Ready and asks is to be answered by it.
    if (changed || othersChanged) {
      tellRouter(state);
    }
    if (changed) {
      current.set(state);
      subscribers.forEach(subscriber -> subscriber.tell(state));
    }
  }

  /** Tells the Router where the models stand, changed or not. */
  void tellRouter() {
    tellRouter(current());
  }

  private void tellRouter(RuntimeState state) {
    router.tell(new Router.RuntimeChanged(state, leg, following, about));
  }
}
