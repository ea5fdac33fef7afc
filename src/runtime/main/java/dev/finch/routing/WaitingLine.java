package dev.finch.routing;

import dev.finch.inference.RouteReason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The prompts that wait for the local model, in the order in which they came to Finch: one that
 * comes back after it was turned away takes its old place. Not thread-safe.
 */
final class WaitingLine {

  /**
   * Whoever asks which way a prompt goes.
   *
   * @param arrival the prompt's place among all
   * @param query what decides
   * @param replyTo gets every verdict
   */
  record Asker(long arrival, RoutingQuery query, ActorRef<? super Router.Verdict> replyTo) {

    /** The same after time has passed. */
    Asker later() {
      RoutingQuery later = query.later();
      return later.equals(query) ? this : new Asker(arrival, later, replyTo);
    }
  }

  /** One prompt that waits. */
  record Waiter(Asker asker, RouteReason reason) {}

  private final int limit;
  private final TreeMap<Long, Waiter> line = new TreeMap<>();
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
    long arrival = waiter.asker().arrival();
    remove(arrival);
    line.put(arrival, waiter);
    busy += waiter.reason() == RouteReason.LOCAL_BUSY ? 1 : 0;
    return line.lastKey() == arrival ? line.size() : line.headMap(arrival, true).size();
  }

  @Nullable Waiter remove(long arrival) {
    Waiter gone = line.remove(arrival);
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
