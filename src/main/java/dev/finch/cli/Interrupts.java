package dev.finch.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * What Ctrl-C does outside the line editor: the first time it cancels, the second time it kills.
 */
final class Interrupts {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Interrupts() {}

  /** Ctrl-C runs {@code action} until the result is closed. */
  static During during(Runnable action) {
    AtomicBoolean once = new AtomicBoolean();
    Object previous =
        Signals.register(
            "INT",
            () -> {
              if (once.getAndSet(true)) {
                Runtime.getRuntime().halt(ExitCode.CANCELLED);
              }
              action.run();
            });
    return () -> Signals.unregister("INT", previous);
  }

  /**
   * When the process is told to end, by a service manager or a terminal that closes, {@code action}
   * runs and the calling thread has a while to end by itself; until the result is closed.
   */
  static During beforeEnd(Runnable action) {
    Thread caller = Thread.currentThread();
    Thread hook = new Thread(() -> finish(action, caller), "before-end");
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is running now.
      }
    };
  }

  private static void finish(Runnable action, Thread caller) {
    try {
      action.run();
      caller.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Restores what was before. */
  interface During extends AutoCloseable {
    @Override
    void close();
  }
}
