package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a download has come. Bytes never go back; {@code committedBytes == totalBytes} is said
 * only with {@link Phase#DONE}, after everything was verified and published.
 *
 * @param phase what is being done now
 * @param committedBytes bytes on disk, those of earlier runs included
 * @param totalBytes bytes of all files, or -1 before the listing is known
 * @param bytesPerSecond smoothed rate, 0 where nothing moves
 * @param remaining estimate of the time left, or null where there is no ground for one
 * @param trouble why nothing moves just now, in a sentence, while it is tried again; else null
 */
public record DownloadProgress(
    Phase phase,
    long committedBytes,
    long totalBytes,
    long bytesPerSecond,
    @Nullable Duration remaining,
    @Nullable String trouble) {

  /** The steps of a download. */
  public enum Phase {
    RESOLVING,
    WAITING_FOR_LOCK,
    DOWNLOADING,
    VERIFYING,
    DONE
  }

  public DownloadProgress {
    requireNonNull(phase, "phase");
  }

  /** Progress without trouble. */
  public DownloadProgress(
      Phase phase,
      long committedBytes,
      long totalBytes,
      long bytesPerSecond,
      @Nullable Duration remaining) {
    this(phase, committedBytes, totalBytes, bytesPerSecond, remaining, null);
  }

  /** The same, held up by this. */
  public DownloadProgress heldUpBy(@Nullable String why) {
    return new DownloadProgress(phase, committedBytes, totalBytes, bytesPerSecond, remaining, why);
  }

  public static DownloadProgress resolving() {
    return new DownloadProgress(Phase.RESOLVING, 0, -1, 0, null);
  }

  /** From 0 to 1; 0 while the total is unknown. */
  public double fraction() {
    return totalBytes <= 0 ? 0 : Math.min(1.0, (double) committedBytes / totalBytes);
  }
}
