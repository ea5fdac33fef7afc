package dev.finch.download;

import dev.finch.model.DownloadProgress;
import dev.finch.model.DownloadProgress.Phase;

/** One model's progress over all its files: never back, and whole only when it is done. */
final class ProgressReport {

  private final RateMeter meter = new RateMeter();
  private long total = -1;
  private long finished;
  private long highest;

  void expect(long totalBytes) {
    total = totalBytes;
  }

  /** So many bytes of the current file are on disk. */
  void fileAt(long committed) {
    highest = Math.max(highest, finished + committed);
  }

  /** The current file is published; the next one begins. */
  void fileDone(long size) {
    finished += size;
    highest = Math.max(highest, finished);
  }

  DownloadProgress now(Phase phase, long nanoTime) {
    long said = Math.max(0, Math.min(highest, total - 1));
    meter.note(nanoTime, highest);
    boolean moving = phase == Phase.DOWNLOADING;
    return DownloadProgress.of(
        phase,
        said,
        total,
        moving ? meter.bytesPerSecond() : 0,
        moving ? meter.timeFor(total - said) : null);
  }

  DownloadProgress done() {
    long all = Math.max(total, 0);
    return DownloadProgress.of(Phase.DONE, all, all, 0, null);
  }
}
