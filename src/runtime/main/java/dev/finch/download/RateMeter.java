package dev.finch.download;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A smoothed rate and the time left by it. */
final class RateMeter {

  /** Time after which an old rate counts for a third. */
  private static final double MEMORY_SECONDS = 3;

  private double rate;
  private long at;
  private long bytes;
  private boolean begun;

  /** Notes how many bytes there are at a moment of {@link System#nanoTime}. */
  void note(long now, long total) {
    if (!begun) {
      begun = true;
      at = now;
      bytes = total;
      return;
    }
    double seconds = (now - at) / 1e9;
    if (seconds < 0.05) {
      return;
    }
    double current = Math.max(0, total - bytes) / seconds;
    double weight = rate == 0 ? 1 : 1 - Math.exp(-seconds / MEMORY_SECONDS);
    rate += (current - rate) * weight;
    at = now;
    bytes = total;
  }

  long bytesPerSecond() {
    return Math.round(rate);
  }

  /** Null where nothing moves. */
  @Nullable Duration timeFor(long missing) {
    return rate < 1 ? null : Duration.ofMillis(Math.round(missing / rate * 1000));
  }
}
