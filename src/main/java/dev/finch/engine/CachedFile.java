package dev.finch.engine;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.platform.OwnerOnly;
import dev.finch.platform.Ownership;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A file whose name says its content: written once, complete or not at all. */
final class CachedFile {

  private static final String PART = ".part";

  /** After that, whoever was writing a part is gone. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path file;

  private CachedFile(Path file) {
    this.file = file;
  }

  static CachedFile at(Path file) {
    return new CachedFile(file);
  }

  /** Writes the content to a path that does not exist yet. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path path) throws IOException;
  }

  /**
   * The file as it is where it has the expected size and only this user can have written it, else
   * written anew.
   *
   * @throws FinchException with {@link FailureCode#CACHE_UNUSABLE}
   */
  Path orWritten(long size, Content content) {
    try {
      Path directory = requireNonNull(file.toAbsolutePath().getParent());
      OwnerOnly.createDirectories(directory);
      Path cache = directory.getParent();
      Ownership.require(cache == null ? directory : cache, directory);
      if (!Ownership.isOwnFile(file) || Files.size(file) != size) {
        write(content);
      }
      return file;
    } catch (IOException e) {
      throw new FinchException(
          new Failure(
              FailureCode.CACHE_UNUSABLE,
              file + " (" + size + " bytes) cannot be written: " + e + ".",
              "Free some space, or set finch.directories.cache to another directory.",
              isFull(e),
              null),
          e);
    }
  }

  /** Writes the file, in place of one that is there. */
  void write(Content content) throws IOException {
    Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
    removeAbandoned(directory);
    Path part = directory.resolve("." + UUID.randomUUID() + PART);
    try {
      content.writeTo(part);
      sync(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  // Space may be freed; a directory that cannot be made or written stays so.
  private static boolean isFull(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }

  /** The rename must not reach the disk before the content. */
  private static void sync(Path part) throws IOException {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void removeAbandoned(Path directory) throws IOException {
    FileTime oldest = FileTime.from(Instant.now().minus(ABANDONED));
    List<Path> parts;
    try (Stream<Path> entries = Files.list(directory)) {
      parts = entries.filter(path -> path.getFileName().toString().endsWith(PART)).toList();
    }
    for (Path part : parts) {
      try {
        if (Files.getLastModifiedTime(part).compareTo(oldest) < 0) {
          Files.delete(part);
        }
      } catch (NoSuchFileException e) {
        // Its writer has finished, or another one removed it.
      }
    }
  }
}
