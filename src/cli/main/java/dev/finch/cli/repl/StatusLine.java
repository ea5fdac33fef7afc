package dev.finch.cli.repl;

import dev.finch.failure.FailureCode;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.function.LongSupplier;

/**
 * Tells the screen what the model does: the way to Ready in the status line, each end of it in a
 * line that stays. Called by one thread at a time.
 */
final class StatusLine {

  private static final long REPAINT_NANOS = 100_000_000L;

  private final Screen screen;
  private final LongSupplier clock;
  private String announced = "";
  private Class<?> lastKind = Object.class;
  private long paintedAt;

  StatusLine(Screen screen, LongSupplier clock) {
    this.screen = screen;
    this.clock = clock;
    this.paintedAt = clock.getAsLong() - REPAINT_NANOS;
  }

  void show(RuntimeState state) {
    if (state.serving().orElse(null) instanceof ModelState.Ready ready) {
      boolean news =
          announce(
              ready.info().reference().toString(),
              ready.info().demonstration()
                  ? ""
                  : "✓ " + ready.info().name() + " is ready: answers are now local");
      if (news) {
        ready.info().notes().forEach(note -> screen.notice("! " + note));
      }
    }
    ModelState preparing = state.preparing().orElse(null);
    switch (preparing) {
      case null -> paint(Object.class, "");
      case ModelState.Failed failed -> {
        paint(Object.class, "");
        // LicenseQuestion asks instead.
        boolean asked = failed.failure().code() == FailureCode.LICENSE_NOT_ACCEPTED;
        announce(failed.name() + failed.failure().code(), asked ? "" : "✗ " + failed.describe());
      }
      case ModelState.NotAvailable none -> {
        paint(Object.class, "");
        announce("none" + none.why().code(), none.describe());
      }
      default -> paint(preparing.getClass(), preparing.describe());
    }
  }

  /** Returns whether this is news. */
  private boolean announce(String key, String line) {
    if (key.equals(announced)) {
      return false;
    }
    announced = key;
    if (!line.isEmpty()) {
      screen.notice(line);
    }
    return true;
  }

  // Download progress comes faster than anyone reads; a new kind of state is shown at once.
  private void paint(Class<?> kind, String line) {
    long now = clock.getAsLong();
    if (kind == lastKind && now - paintedAt < REPAINT_NANOS) {
      return;
    }
    lastKind = kind;
    paintedAt = now;
    screen.status(line);
  }
}
