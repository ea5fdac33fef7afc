package dev.finch.http;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The open connections, and those of them that wait for a request, the longest wait first. Some of
 * the places are kept free for who comes next: where they are taken, whoever has waited for longest
 * is dropped, so that connections that say nothing, or half a request, keep nobody out. A
 * connection with a request under way is never dropped. Thread-safe.
 */
final class OpenConnections {

  /** Of so many places one is kept free. */
  private static final int SPARE = 16;

  private final int most;
  private final Executor executor;
  private final Set<ClientConnection> open = new HashSet<>();
  private final Set<ClientConnection> waiting = new LinkedHashSet<>();
  private final Set<ClientConnection> leaving = new HashSet<>();

  /**
   * @param places connections that may be open at once, 1 or more
   * @param executor drops connections, which is done outside of their own locks
   */
  OpenConnections(int places, Executor executor) {
    this.most = places - Math.max(1, places / SPARE);
    this.executor = executor;
  }

  /** A connection was taken. */
  synchronized void entered(ClientConnection connection) {
    open.add(connection);
  }

  /** The connection has ended. */
  synchronized void left(ClientConnection connection) {
    open.remove(connection);
    waiting.remove(connection);
    leaving.remove(connection);
  }

  /**
   * The connection waits for a request from now on.
   *
   * @param first whether it has had none yet: then it is let say something before it can be dropped
   */
  synchronized void waits(ClientConnection connection, boolean first) {
    if (!open.contains(connection)) {
      return;
    }
    waiting.add(connection);
    Iterator<ClientConnection> oldest = waiting.iterator();
    while (open.size() - leaving.size() > most && oldest.hasNext()) {
      ClientConnection dropped = oldest.next();
      if (first && dropped == connection) {
        return;
      }
      oldest.remove();
      leaving.add(dropped);
      executor.execute(dropped::drop);
    }
  }

  /** The connection has a request under way. */
  synchronized void busy(ClientConnection connection) {
    waiting.remove(connection);
    leaving.remove(connection);
  }
}
