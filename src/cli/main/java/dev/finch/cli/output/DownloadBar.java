package dev.finch.cli.output;

import dev.finch.model.Bytes;
import dev.finch.model.DownloadProgress;
import java.util.Locale;

/** A download as one line. */
public final class DownloadBar {

  private static final int CELLS = 24;

  private DownloadBar() {}

  /** For example {@code qwen2.5-0.5b ███████▌░░░ 45 % (221 MB/491 MB) 18.3 MB/s, 14 s left}. */
  public static String of(String name, DownloadProgress progress) {
    return switch (progress.phase()) {
      case RESOLVING -> name + ": asking the Hub";
      case WAITING_FOR_LOCK -> name + ": another process is downloading it";
      case VERIFYING ->
          progress.bytesPerSecond() > 0
              ? moving(name + ": verifying", progress)
              : name + ": verifying";
      case DONE -> name + ": complete, " + Bytes.format(progress.totalBytes().orElse(-1));
      case DOWNLOADING -> moving(name, progress);
    };
  }

  private static String moving(String name, DownloadProgress progress) {
    int full = (int) (progress.fraction() * CELLS);
    StringBuilder line = new StringBuilder(name).append(' ');
    line.append("█".repeat(full)).append("░".repeat(CELLS - full));
    line.append(
        String.format(
            Locale.ROOT,
            " %.0f %% (%s/%s)",
            Math.floor(progress.fraction() * 100),
            Bytes.format(progress.committedBytes()),
            Bytes.format(Math.max(0, progress.totalBytes().orElse(-1)))));
    if (progress.bytesPerSecond() > 0) {
      line.append(' ').append(Bytes.format(progress.bytesPerSecond())).append("/s");
    }
    var remaining = progress.remaining().orElse(null);
    if (remaining != null) {
      line.append(", ").append(Bytes.format(remaining)).append(" left");
    }
    return line.toString();
  }
}
