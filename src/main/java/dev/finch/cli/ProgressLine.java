package dev.finch.cli;

import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.function.LongSupplier;

/**
 * What the model is doing, on stderr: one line that is painted over in a terminal, a line per step
 * elsewhere. Thread-safe. It leaves the screen to the answer between {@link #hide} and the end.
 */
final class ProgressLine {

  private static final long QUIET_NANOS = 400_000_000L;
  private static final StyledText ERASE = StyledText.of(Control.ERASE_LINE);

  private final StandardStream err;
  private final boolean paints;
  private final int width;
  private final LongSupplier clock;
  private final long startedAt;
  private boolean hidden;
  private boolean painted;
  private String lastStep = "";

  /**
   * @param paints whether {@code err} is a terminal that can erase a line
   * @param width columns of that terminal
   */
  ProgressLine(StandardStream err, boolean paints, int width, LongSupplier clock) {
    this.err = err;
    this.paints = paints;
    this.width = width;
    this.clock = clock;
    this.startedAt = clock.getAsLong();
  }

  /** Shows the state, unless the wait has been too short for anyone to wonder. */
  synchronized void show(RuntimeState state) {
    ModelState preparing = state.preparing();
    if (hidden || preparing == null || clock.getAsLong() - startedAt < QUIET_NANOS) {
      return;
    }
    boolean onItsWay =
        preparing instanceof ModelState.Selecting
            || preparing instanceof ModelState.Downloading
            || preparing instanceof ModelState.Loading;
    if (!onItsWay) {
      erase();
      failed(preparing);
      return;
    }
    if (paints) {
      String line = Columns.fit(ForeignText.line(preparing.describe()), width);
      err.show(ERASE.with(StyledText.of(line)));
      painted = true;
    } else {
      step(preparing);
    }
  }

  /** Takes the line off the screen for good, because the answer begins. */
  synchronized void hide() {
    hidden = true;
    erase();
  }

  // Somebody who waits learns why; what can be tried again is.
  private void failed(ModelState state) {
    if (state instanceof ModelState.Failed && !state.describe().equals(lastStep)) {
      lastStep = state.describe();
      err.println("finch: " + state.describe());
      err.flush();
    }
  }

  private void erase() {
    if (painted) {
      err.show(ERASE);
      painted = false;
    }
  }

  // A log is no terminal: it gets each step once, and a download at every tenth.
  private void step(ModelState state) {
    if (state instanceof ModelState.Selecting) {
      return;
    }
    String step =
        state instanceof ModelState.Downloading downloading
            ? "downloading "
                + downloading.progress().phase()
                + (int) (downloading.progress().fraction() * 10)
            : state.getClass().getSimpleName();
    if (!step.equals(lastStep)) {
      lastStep = step;
      err.println(state.describe());
      err.flush();
    }
  }
}
