package dev.finch.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Work that blocks on the disk, done away from the actors that want it. */
final class Blocking {

  /** What is to be done. */
  interface Work<T> {
    T run() throws IOException;
  }

  private Blocking() {}

  /** Fails with {@link UncheckedIOException} where the work fails with the checked one. */
  static <T> CompletableFuture<T> run(Work<T> work, Executor executor) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        executor);
  }
}
