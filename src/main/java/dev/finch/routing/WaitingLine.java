package dev.finch.routing;

import dev.finch.inference.RouteReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that wait for the local model, in the order in which they came to Finch: one that
 * comes back after it was turned away takes its old place. Not thread-safe.
 */
final class WaitingLine {

  /** One prompt that waits. */
  record Waiter(
      long arrival,
      RoutingQuery query,
      RouteReason reason,
      ActorRef<? super Router.Verdict> replyTo) {}

  private final int limit;
  private final TreeMap<Long, Waiter> line = new TreeMap<>();
  private final Map<ActorRef<?>, Long> places = new HashMap<>();
  private int busy;

  WaitingLine(int limit) {
    this.limit = limit;
  }

  boolean hasRoom() {
    return line.size() < limit;
  }

  int size() {
    return line.size();
  }

  /** Whether somebody waits for room at a model that is Ready. */
  boolean waitsForRoom() {
    return busy > 0;
  }

  /** Puts a prompt in its place; gives its position, 1 for the next. */
  int put(Waiter waiter) {
    remove(waiter.replyTo());
    line.put(waiter.arrival(), waiter);
    places.put(waiter.replyTo(), waiter.arrival());
    busy += waiter.reason() == RouteReason.LOCAL_BUSY ? 1 : 0;
    return line.lastKey() == waiter.arrival()
        ? line.size()
        : line.headMap(waiter.arrival(), true).size();
  }

  @Nullable Waiter remove(ActorRef<?> replyTo) {
    Long place = places.remove(replyTo);
    if (place == null) {
      return null;
    }
    Waiter gone = line.remove(place);
    busy -= gone != null && gone.reason() == RouteReason.LOCAL_BUSY ? 1 : 0;
    return gone;
  }

  /** Everybody, in order, as a copy. */
  List<Waiter> inOrder() {
    return new ArrayList<>(line.values());
  }

  void forEachPosition(BiConsumer<Integer, Waiter> visitor) {
    int position = 0;
    for (Waiter waiter : line.values()) {
      visitor.accept(++position, waiter);
    }
  }
}
