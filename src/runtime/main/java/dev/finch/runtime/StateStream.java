package dev.finch.runtime;

import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.supervisor.Supervisor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.WatchedActorTerminatedException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.jspecify.annotations.Nullable;

/**
 * The Supervisor's states as a stream, which ends with it: a slow reader misses progress, never a
 * change of kind.
 */
final class StateStream {

  /** The stage behind the buffer always asks for more, so this many can never pile up before it. */
  private static final int BUFFER = 1024;

  private StateStream() {}

  static Source<RuntimeState, NotUsed> of(ActorRef<Supervisor.Command> supervisor) {
    return ActorSource.<RuntimeState>actorRef(
            _ -> false, _ -> Optional.empty(), BUFFER, OverflowStrategy.fail())
        .mapMaterializedValue(
            subscriber -> {
              supervisor.tell(new Supervisor.Subscribe(subscriber));
              return NotUsed.getInstance();
            })
        .watch(Adapter.toClassic(supervisor))
        .onErrorComplete(WatchedActorTerminatedException.class)
        .batch(Long.MAX_VALUE, List::of, StateStream::append)
        .mapConcat(states -> states);
  }

  private static List<RuntimeState> append(List<RuntimeState> waiting, RuntimeState next) {
    List<RuntimeState> all = new ArrayList<>(waiting);
    if (onlyProgressed(all.getLast(), next)) {
      all.set(all.size() - 1, next);
    } else {
      all.add(next);
    }
    return all;
  }

  private static boolean onlyProgressed(RuntimeState before, RuntimeState after) {
    return kind(before.serving().orElse(null)).equals(kind(after.serving().orElse(null)))
        && kind(before.preparing().orElse(null)).equals(kind(after.preparing().orElse(null)));
  }

  private static Object kind(@Nullable ModelState state) {
    return switch (state) {
      case null -> "none";
      case ModelState.Downloading downloading -> downloading.progress().phase();
      default -> state.getClass();
    };
  }
}
