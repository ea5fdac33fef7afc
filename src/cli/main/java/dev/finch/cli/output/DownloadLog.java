package dev.finch.cli.output;

import dev.finch.model.DownloadProgress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a download are worth a line where lines stay: each phase and each tenth, what
 * newly holds it up, and one now and then meanwhile. One thread.
 */
final class DownloadLog {

  private final long pause;
  private final LongSupplier clock;
  private String step = "";
  private @Nullable String trouble;
  private long at;
  private long troubledAt;

  /**
   * @param pause after which a line is written though nothing is new
   * @param clock in nanoseconds
   */
  DownloadLog(Duration pause, LongSupplier clock) {
    this.pause = pause.toNanos();
    this.clock = clock;
  }

  /** Whether this is to be written, which is then taken for done. */
  boolean due(DownloadProgress progress) {
    long now = clock.getAsLong();
    String next = progress.phase() + " " + (int) (progress.fraction() * 10);
    if (next.equals(step) && now - at < pause) {
      return false;
    }
    step = next;
    at = now;
    return true;
  }

  /** What holds the download up, where that is to be written, which is then taken for done. */
  @Nullable String newTrouble(DownloadProgress progress) {
    long now = clock.getAsLong();
    String held = progress.trouble().orElse(null);
    if (held == null || (held.equals(trouble) && now - troubledAt < pause)) {
      return null;
    }
    trouble = held;
    troubledAt = now;
    at = now;
    return held + " Trying again.";
  }

  /** Something else was written: the next step is news again. */
  void forget() {
    step = "";
  }
}
