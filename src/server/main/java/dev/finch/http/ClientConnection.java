package dev.finch.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: tells the answers being made for it that the client has left, and ends
 * itself when no complete request has come for a while, however busily bytes drip in.
 *
 * <p>On the wire a client that closes its sending half looks like one that has left. While it is
 * owed an answer it counts as waiting for that, until {@link HalfCloseProbe} finds that nobody is
 * there. Thread-safe.
 */
final class ClientConnection {

  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LINGER = Duration.ofSeconds(1);

  private final Scheduler scheduler;
  private final Executor executor;
  private final Duration keepAlive;
  private final InetAddress address;
  private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();
  private final Set<Runnable> probed = ConcurrentHashMap.newKeySet();
  private final OpenConnections openConnections;

  private @Nullable UniqueKillSwitch end;
  private @Nullable UniqueKillSwitch wire;
  private @Nullable Cancellable timer;
  private int active;
  private boolean gone;
  private boolean answered;
  private int heads;
  private int last = -1;
  private Runnable whenLast = () -> {};

  /**
   * @param address the client's, or its proxy's
   * @param openConnections is told when this waits for a request
   */
  ClientConnection(
      Scheduler scheduler,
      Executor executor,
      Duration keepAlive,
      InetAddress address,
      OpenConnections openConnections) {
    this.scheduler = scheduler;
    this.executor = executor;
    this.keepAlive = keepAlive;
    this.address = address;
    this.openConnections = openConnections;
  }

  InetAddress address() {
    return address;
  }

  /** The flow of requests has started; {@code end} closes it. */
  synchronized void opened(UniqueKillSwitch end) {
    this.end = end;
    waitForRequest();
  }

  /** The bytes flow; {@code wire} cuts them off. */
  synchronized void connected(UniqueKillSwitch wire) {
    this.wire = wire;
  }

  /**
   * Ends this connection for others, unless a request has come. What was answered may still be on
   * its way out: that is let go, but not for long, since the client may never read it.
   */
  synchronized void drop() {
    if (active > 0) {
      return;
    }
    if (!answered || end == null) {
      cut();
      return;
    }
    scheduler.scheduleOnce(SOON, this::endIfIdle, executorContext());
    scheduler.scheduleOnce(LINGER, this::cutIfIdle, executorContext());
  }

  /** The client closed the connection, or lost it. */
  void closed() {
    synchronized (this) {
      gone = true;
      stopWaiting();
    }
    for (Runnable action : List.copyOf(watchers)) {
      if (watchers.remove(action)) {
        action.run();
      }
    }
  }

  /** The client sends nothing more, or the connection was lost. */
  void sentAll(boolean orderly) {
    synchronized (this) {
      if (orderly && active > 0) {
        stopWaiting();
        return;
      }
    }
    closed();
  }

  /** The head of an answer is out. */
  synchronized void answered() {
    heads++;
  }

  /** The heads of all answers are out, or the connection was lost; a stream may still go on. */
  void answeredAll(boolean orderly) {
    if (!orderly) {
      closed();
      return;
    }
    Runnable action;
    synchronized (this) {
      last = heads;
      action = whenLast;
    }
    action.run();
  }

  /** Runs {@code action} once {@link #isLast} may say yes: at once where it may already. */
  void whenLastIsKnown(Runnable action) {
    boolean known;
    synchronized (this) {
      whenLast = action;
      known = last >= 0;
    }
    if (known) {
      action.run();
    }
  }

  /** Whether no answer follows when so many are through. */
  synchronized boolean isLast(int answers) {
    return answers == last;
  }

  synchronized void requestStarted() {
    active++;
    openConnections.busy(this);
    stopWaiting();
  }

  synchronized void requestEnded() {
    active--;
    answered = true;
    if (active == 0 && !gone) {
      waitForRequest();
    }
  }

  /** Runs {@code action} when the client leaves: at once where it has left already. */
  void whenGone(Runnable action) {
    watchers.add(action);
    if (isGone() && watchers.remove(action)) {
      action.run();
    }
  }

  /** Runs {@code action} no more. */
  void forget(Runnable action) {
    watchers.remove(action);
    probed.remove(action);
  }

  /** Whether a request is under way. */
  synchronized boolean isAnswering() {
    return active > 0;
  }

  /**
   * Runs {@code action} whenever a stream should say something, until told to {@link #forget} it.
   */
  void whenProbed(Runnable action) {
    probed.add(action);
  }

  /** Lets each stream say something, so that a client that has left is found. */
  void probe() {
    probed.forEach(Runnable::run);
  }

  private synchronized boolean isGone() {
    return gone;
  }

  private void waitForRequest() {
    stopWaiting();
    openConnections.waits(this, !answered);
    timer = scheduler.scheduleOnce(keepAlive, this::endIfIdle, executorContext());
  }

  private scala.concurrent.ExecutionContext executorContext() {
    return scala.concurrent.ExecutionContext.fromExecutor(executor);
  }

  private synchronized void cutIfIdle() {
    if (active == 0) {
      cut();
    }
  }

  private void cut() {
    if (wire != null) {
      wire.abort(new AnswerBrokenException());
    } else if (end != null) {
      end.shutdown();
    }
  }

  private synchronized void endIfIdle() {
    if (active == 0 && end != null) {
      end.shutdown();
    }
  }

  private void stopWaiting() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
