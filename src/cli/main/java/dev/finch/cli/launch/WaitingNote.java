package dev.finch.cli.launch;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says what is being waited for, unless the wait is over before anybody wonders. Closing it ends
 * the wait.
 */
final class WaitingNote implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final CountDownLatch over = new CountDownLatch(1);

  private WaitingNote() {}

  /** Begins to wait; the line comes on a thread of its own. */
  static WaitingNote of(String line, Consumer<String> told) {
    WaitingNote note = new WaitingNote();
    Thread.ofPlatform().daemon().name("waiting-note").start(() -> note.wait(line, told));
    return note;
  }

  private void wait(String line, Consumer<String> told) {
    try {
      if (!over.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        told.accept(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
  }
}
