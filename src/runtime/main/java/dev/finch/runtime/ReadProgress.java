package dev.finch.runtime;

import dev.finch.model.DownloadProgress;
import dev.finch.model.DownloadProgress.Phase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** How far reading many bytes has come, told a few times a second. Confined to who reads. */
final class ReadProgress implements LongConsumer {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

  private final long total;
  private final Consumer<DownloadProgress> listener;
  private final long begun = System.nanoTime();
  private long toldAt = begun;
  private long bytes;

  ReadProgress(long total, Consumer<DownloadProgress> listener) {
    this.total = total;
    this.listener = listener;
  }

  @Override
  public void accept(long more) {
    bytes += more;
    long now = System.nanoTime();
    if (now - toldAt >= INTERVAL) {
      toldAt = now;
      long rate = (long) (bytes * 1e9 / (now - begun));
      Duration left = rate > 0 ? Duration.ofMillis((total - bytes) * 1000 / rate) : null;
      listener.accept(DownloadProgress.of(Phase.VERIFYING, bytes, total, rate, left));
    }
  }

  /** Everything was read. */
  void end() {
    listener.accept(DownloadProgress.of(Phase.DONE, total, total, 0, null));
  }
}
