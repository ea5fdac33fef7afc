package dev.finch.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** Where work that blocks on the disk is done, away from the actors that want it. Thread-safe. */
final class Blocking {

  /** What is to be done. */
  interface Work<T> {
    T run() throws IOException;
  }

  private final Executor threads;

  Blocking(ActorSystem<?> system) {
    this.threads =
        system.dispatchers().lookup(DispatcherSelector.fromConfig(DownloadSettings.DISPATCHER));
  }

  /** Fails with {@link UncheckedIOException} where the work fails with the checked one. */
  <T> CompletableFuture<T> run(Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }
}
