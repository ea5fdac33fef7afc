package dev.finch.cli.launch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * What signals do: Ctrl-C, outside the line editor, cancels the first time and kills the second.
 * SIGTERM and SIGHUP cancel as well, and end the process with the exit codes that shells expect;
 * where SIGHUP is ignored, as under {@code nohup}, it stays so.
 */
public final class Interrupts {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static volatile boolean ending;

  private Interrupts() {}

  /** Whether the process was told to end: its exit code is the signal's, whatever was done. */
  public static boolean ending() {
    return ending;
  }

  /** Ctrl-C runs {@code action} until the result is closed. */
  public static During during(Runnable action) {
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
  public static During beforeEnd(Runnable action) {
    Thread caller = Thread.currentThread();
    return atEnd(
        () -> {
          action.run();
          await(caller);
        });
  }

  /**
   * When the process is told to end, it does so after {@code action}; until the result is closed.
   */
  public static During atEnd(Runnable action) {
    Thread hook =
        new Thread(
            () -> {
              ending = true;
              action.run();
            },
            "before-end");
    Runtime.getRuntime().addShutdownHook(hook);
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is running now.
      }
    };
  }

  /** Waits a while for a thread that is ending. */
  public static void await(Thread caller) {
    try {
      caller.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Restores what was before. */
  public interface During extends AutoCloseable {
    @Override
    void close();
  }
}
