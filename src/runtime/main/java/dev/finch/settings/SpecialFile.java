package dev.finch.settings;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** What a name may stand for that is neither a file nor a directory, links followed. */
public enum SpecialFile {
  /** A named pipe, or the {@code <(command)} of a shell: opening it waits for the other side. */
  PIPE("a pipe"),
  /** A terminal, a disk, a source of bytes without end. */
  DEVICE("a terminal or another device"),
  SOCKET("a socket");

  private static final int KIND = 0170000;

  private final String description;

  SpecialFile(String description) {
    this.description = description;
  }

  /** For people, with its article. */
  public String description() {
    return description;
  }

  /**
   * Null for files, directories and what is not there. Asks the disk and opens nothing.
   *
   * @throws IOException where it cannot be asked
   */
  public static @Nullable SpecialFile of(Path path) throws IOException {
    if (!Files.exists(path) || Files.isRegularFile(path) || Files.isDirectory(path)) {
      return null;
    }
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return PIPE;
    }
    return switch ((int) Files.getAttribute(path, "unix:mode") & KIND) {
      case 0010000 -> PIPE;
      case 0140000 -> SOCKET;
      default -> isNull(path) ? null : DEVICE;
    };
  }

  /** The empty file, by its usual name. */
  private static boolean isNull(Path path) throws IOException {
    return path.toRealPath().equals(Path.of("/dev/null"));
  }

  /**
   * Lets go whoever waits for this pipe to be opened by a writer, so that nobody reads in secret
   * what is written later. Does nothing to anything else.
   */
  public static void release(Path path) {
    try {
      if (of(path) == PIPE) {
        // For reading as well: a pipe that nobody reads could not be opened without waiting.
        try (SeekableByteChannel _ =
            Files.newByteChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
          // Being opened is enough.
        }
      }
    } catch (IOException | UnsupportedOperationException e) {
      // Nobody may write to it; whoever waits goes with the process.
    }
  }
}
