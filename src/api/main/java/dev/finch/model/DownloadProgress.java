package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far a download has come. Bytes never go back; {@code committedBytes == totalBytes} is said
 * only with {@link Phase#DONE}, after everything was verified and published.
 *
 * @param phase what is being done now
 * @param committedBytes bytes on disk, those of earlier runs included
 * @param totalBytes bytes of all files, empty before the listing is known
 * @param bytesPerSecond smoothed rate, 0 where nothing moves
 * @param remaining estimate of the time left, empty where there is no ground for one
 * @param trouble why nothing moves just now, in a sentence, while it is tried again; else empty
 */
public record DownloadProgress(
    Phase phase,
    long committedBytes,
    OptionalLong totalBytes,
    long bytesPerSecond,
    Optional<Duration> remaining,
    Optional<String> trouble) {

  /** The steps of a download. */
  public enum Phase {
    /** The Hub is asked which files there are. */
    RESOLVING,
    /** Another process fetches the same file. */
    WAITING_FOR_LOCK,
    /** Bytes arrive. */
    DOWNLOADING,
    /** What came is read and hashed. */
    VERIFYING,
    /** All is verified and in the cache. */
    DONE
  }

  public DownloadProgress {
    requireNonNull(phase, "phase");
    requireNonNull(totalBytes, "totalBytes");
    requireNonNull(remaining, "remaining");
    requireNonNull(trouble, "trouble");
  }

  /** Progress without trouble; a negative total is not known yet. */
  public static DownloadProgress of(
      Phase phase,
      long committedBytes,
      long totalBytes,
      long bytesPerSecond,
      @Nullable Duration remaining) {
    return new DownloadProgress(
        phase,
        committedBytes,
        totalBytes < 0 ? OptionalLong.empty() : OptionalLong.of(totalBytes),
        bytesPerSecond,
        Optional.ofNullable(remaining),
        Optional.empty());
  }

  /** The same, held up by this. */
  public DownloadProgress heldUpBy(@Nullable String why) {
    return new DownloadProgress(
        phase, committedBytes, totalBytes, bytesPerSecond, remaining, Optional.ofNullable(why));
  }

  /** Nothing is known yet. */
  public static DownloadProgress resolving() {
    return new DownloadProgress(
        Phase.RESOLVING, 0, OptionalLong.empty(), 0, Optional.empty(), Optional.empty());
  }

  /** From 0 to 1; 0 while the total is unknown. */
  public double fraction() {
    long total = totalBytes.orElse(0);
    return total <= 0 ? 0 : Math.min(1.0, (double) committedBytes / total);
  }
}
