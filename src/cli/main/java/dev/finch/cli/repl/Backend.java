package dev.finch.cli.repl;

import dev.finch.Finch;
import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.launch.ClassArchives;
import dev.finch.cli.launch.CliSettings;
import dev.finch.cli.launch.Connection;
import dev.finch.cli.launch.Interrupts;
import dev.finch.cli.launch.Requests;
import dev.finch.cli.launch.Setup;
import dev.finch.cli.output.Follower;
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

  private final AskOptions options;
  private final AtomicBoolean booted = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<Finch> finch = new CompletableFuture<>();
  private volatile @Nullable Connection connection;
  private Consumer<CliSettings> settings = _ -> {};
  private Consumer<RuntimeState> states = _ -> {};

  Backend(AskOptions options) {
    this.options = options;
  }

  /** Who gets the settings as soon as they are read; to be said before {@link #boot}. */
  void whenSetUp(Consumer<CliSettings> action) {
    settings = action;
  }

  /** Who gets every change of state, on a thread of the runtime; before {@link #boot}. */
  void whenChanged(Consumer<RuntimeState> action) {
    states = action;
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

  /** The runtime with its settings; null until it is there. */
  @Nullable Connection connection() {
    return connection;
  }

  /** Whether there is a key for Claude; false until the settings are read. */
  boolean hasKey() {
    Connection current = connection;
    return current != null && current.settings().key();
  }

  /** Completed when prompts can be answered. */
  CompletableFuture<Finch> finch() {
    return finch;
  }

  /** Ends the runtime, or leaves it unstarted. */
  void close() {
    Connection current = connection;
    if (current != null && !closed.getAndSet(true)) {
      if (!Interrupts.ending()) {
        ClassArchives.makeInBackground(current.settings());
      }
      current.close();
    }
  }

  private void run() {
    try {
      Setup setup = Setup.load(Requests.settings(options, true), options.verbose());
      settings.accept(setup.settings());
      Connection opened = Connection.open(setup, options.server());
      connection = opened;
      Finch started = opened.finch();
      finch.complete(started);
      started.states().subscribe(new Follower<>(states));
    } catch (Throwable e) {
      finch.completeExceptionally(e);
    }
  }
}
