package dev.finch.cli;

import dev.finch.Finch;
import dev.finch.model.RuntimeState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runtime behind the prompt, started on a thread of its own while the user already types. Its
 * future fails where the runtime could not start.
 */
final class Backend {

  /** How a runtime is started or connected to. */
  @FunctionalInterface
  interface Start {
    Connection start();
  }

  private final Start start;
  private final Consumer<RuntimeState> states;
  private final AtomicBoolean booted = new AtomicBoolean();
  private volatile @Nullable Connection connection;
  private final CompletableFuture<Finch> finch = new CompletableFuture<>();

  /**
   * @param states gets every change of state, on a thread of the runtime
   */
  Backend(Start start, Consumer<RuntimeState> states) {
    this.start = start;
    this.states = states;
  }

  /** Starts, the first time; completes {@link #finch}. */
  void boot() {
    if (booted.getAndSet(true)) {
      return;
    }
    Thread thread = new Thread(this::run, "boot");
    thread.setDaemon(true);
    thread.start();
  }

  /** Completed when prompts can be answered. */
  CompletableFuture<Finch> finch() {
    return finch;
  }

  /** Ends the runtime, or leaves it unstarted. */
  void close() {
    Connection current = connection;
    if (current != null) {
      ClassArchives.makeInBackground(current.settings());
      current.close();
    }
  }

  private void run() {
    try {
      connection = start.start();
      Finch started = connection.finch();
      finch.complete(started);
      started.publishStates().subscribe(new Follower<>(states));
    } catch (Throwable e) {
      finch.completeExceptionally(e);
    }
  }
}
