package dev.finch.cli.output;

import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.terminal.Columns;
import dev.finch.cli.terminal.Control;
import dev.finch.cli.terminal.ForeignText;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.cli.terminal.StyledText;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the model is doing, on stderr: one line that is painted over in a terminal, a line per step
 * elsewhere. Thread-safe. It leaves the screen to the answer between {@link #hide} and the end.
 */
public final class ProgressLine {

  private static final long QUIET_NANOS = 400_000_000L;
  private static final StyledText ERASE = StyledText.of(Control.ERASE_LINE);

  private final StandardStream err;
  private final boolean paints;
  private final int width;
  private final LongSupplier clock;
  private final long startedAt;
  private boolean hidden;
  private boolean painted;
  private final DownloadLog log;
  private final boolean named;
  private final boolean patient;
  private String lastStep = "";

  /** What came too early to be shown, and is to be once it is time. */
  private @Nullable RuntimeState early;

  /**
   * @param options whether a model was named, and is waited for until it comes
   * @param paints whether {@code err} is a terminal that can erase a line
   * @param width columns of that terminal
   */
  public ProgressLine(
      AskOptions options, StandardStream err, boolean paints, int width, LongSupplier clock) {
    this.named = options.model() != null;
    this.patient = options.await();
    this.log = new DownloadLog(Duration.ofSeconds(30), clock);
    this.err = err;
    this.paints = paints;
    this.width = width;
    this.clock = clock;
    this.startedAt = clock.getAsLong();
  }

  /** Shows the state, unless the wait has been too short for anyone to wonder. */
  public synchronized void show(RuntimeState state) {
    ModelState preparing = state.preparing().orElse(null);
    if (hidden || preparing == null) {
      return;
    }
    if (clock.getAsLong() - startedAt < QUIET_NANOS) {
      keep(preparing, state);
      return;
    }
    early = null;
    boolean onItsWay =
        preparing instanceof ModelState.Selecting
            || preparing instanceof ModelState.Downloading
            || preparing instanceof ModelState.Loading;
    if (!onItsWay) {
      erase();
      failed(preparing);
      return;
    }
    boolean news = preparing instanceof ModelState.Downloading downloading && troubled(downloading);
    if (paints) {
      String line = Columns.fit(ForeignText.line(preparing.describe()), width);
      err.show(ERASE.with(StyledText.of(line)));
      painted = true;
    } else if (!news) {
      step(preparing);
    }
  }

  /** What holds a download up may be the last that is heard for long, so it is shown later. */
  private void keep(ModelState preparing, RuntimeState state) {
    boolean first = early == null;
    boolean held =
        preparing instanceof ModelState.Downloading downloading
            && downloading.progress().trouble().isPresent();
    early = held ? state : null;
    if (held && first) {
      CompletableFuture.delayedExecutor(QUIET_NANOS, TimeUnit.NANOSECONDS).execute(this::showEarly);
    }
  }

  private synchronized void showEarly() {
    RuntimeState state = early;
    if (state != null) {
      show(state);
    }
  }

  private boolean troubled(ModelState.Downloading downloading) {
    String trouble = log.newTrouble(downloading.progress());
    if (trouble == null) {
      return false;
    }
    erase();
    err.println("finch: " + trouble);
    err.flush();
    return true;
  }

  /** Takes the line off the screen for good, because the answer begins. */
  public synchronized void hide() {
    hidden = true;
    erase();
  }

  // Somebody who waits learns why. What ends the wait for a named model is told at the end.
  private void failed(ModelState state) {
    boolean again =
        patient
            && switch (state) {
              case ModelState.Failed failed -> failed.failure().retryable();
              case ModelState.NotAvailable none -> none.why().retryable();
              default -> false;
            };
    boolean told = again || (state instanceof ModelState.Failed && !named);
    if (told && !state.describe().equals(lastStep)) {
      lastStep = state.describe();
      log.forget();
      err.println("finch: " + state.describe() + (again ? " It is tried again." : ""));
      err.flush();
    }
  }

  private void erase() {
    if (painted) {
      err.show(ERASE);
      painted = false;
    }
  }

  // A log is no terminal: it gets each step once, and a download as it goes on.
  private void step(ModelState state) {
    String kind = state.getClass().getSimpleName();
    boolean news =
        switch (state) {
          case ModelState.Selecting _ -> false;
          case ModelState.Downloading downloading -> log.due(downloading.progress());
          default -> !kind.equals(lastStep);
        };
    if (news) {
      lastStep = kind;
      err.println(state.describe());
      err.flush();
    }
  }
}
