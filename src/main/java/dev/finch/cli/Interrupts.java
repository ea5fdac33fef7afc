package dev.finch.cli;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * What Ctrl-C does outside the line editor: the first time it cancels, the second time it kills.
 */
final class Interrupts {

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

  /** Restores what Ctrl-C did before. */
  interface During extends AutoCloseable {
    @Override
    void close();
  }
}
