package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.Bytes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What went wrong on this machine, told apart by what a person can do about it. */
final class DiskFailures {

  private DiskFailures() {}

  /** The failure that a thrown exception stands for. */
  static Failure of(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof FinchException known) {
        return known.failure();
      }
    }
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof IOException e) {
        return ofDisk(e);
      }
    }
    return Failure.permanent(
        FailureCode.INTERNAL, "The download failed: " + thrown, "Please report this.");
  }

  static boolean diskFull(@Nullable Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof IOException e && saysFull(e)) {
        return true;
      }
    }
    return false;
  }

  static Failure diskFull(Path directory, long missing) {
    return Failure.passing(
        FailureCode.DISK_FULL,
        "The disk of " + directory + " is full; " + Bytes.format(missing) + " are still to come.",
        "Free at least " + Bytes.format(missing) + "; what was fetched is kept and continued.");
  }

  private static Failure ofDisk(IOException e) {
    if (saysFull(e)) {
      return Failure.passing(
          FailureCode.DISK_FULL,
          Failure.sentence("The disk is full: " + e.getMessage()),
          "Free some space; what was fetched is kept and continued.");
    }
    if (e instanceof ForeignPath) {
      return Failure.permanent(
          FailureCode.HUB_PROTOCOL,
          Failure.sentence(String.valueOf(e.getMessage())),
          "Nothing of it was written. Tell the owner of the repository or of the Hub, or name"
              + " another.");
    }
    boolean denied = e instanceof AccessDeniedException || text(e).contains("read-only");
    return Failure.permanent(
        FailureCode.CACHE_UNUSABLE,
        denied
            ? Failure.sentence("The model cache cannot be written: " + e.getMessage())
            : Failure.sentence("The model cache failed: " + e.getMessage()),
        "Check the directory's owner and disk, or name another in HF_HUB_CACHE.");
  }

  private static boolean saysFull(IOException e) {
    String text = text(e);
    return text.contains("no space left")
        || text.contains("not enough space")
        || text.contains("quota exceeded");
  }

  private static String text(IOException e) {
    String reason = e instanceof FileSystemException f ? String.valueOf(f.getReason()) : "";
    return (e.getMessage() + " " + reason).toLowerCase(Locale.ROOT);
  }

  /** Whether a directory refuses writing for good. */
  static boolean refusesWriting(Throwable thrown) {
    return thrown instanceof AccessDeniedException
        || thrown instanceof ReadOnlyFileSystemException
        || (thrown instanceof IOException e && text(e).contains("read-only"));
  }
}
