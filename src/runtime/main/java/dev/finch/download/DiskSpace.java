package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a download has room, asked of the disk that it will really lie on. */
final class DiskSpace {

  private DiskSpace() {}

  /**
   * @throws FinchException with {@link FailureCode#DISK_FULL} where fewer than {@code missing}
   *     bytes and one percent are free
   */
  static void require(Path directory, long missing) throws IOException {
    Path existing = existing(directory);
    long usable = Files.getFileStore(existing).getUsableSpace();
    long needed = missing > Long.MAX_VALUE / 2 ? missing : missing + missing / 100;
    if (usable < needed) {
      throw new FinchException(
          Failure.passing(
              FailureCode.DISK_FULL,
              "The download needs "
                  + Bytes.format(needed)
                  + " more, and "
                  + Bytes.format(usable)
                  + " are free on the disk of "
                  + directory
                  + ".",
              "Free at least "
                  + Bytes.format(needed - usable)
                  + ", choose a smaller model, or name another cache in HF_HUB_CACHE."));
    }
  }

  private static Path existing(Path directory) throws IOException {
    Path at = directory.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at.toRealPath();
  }
}
