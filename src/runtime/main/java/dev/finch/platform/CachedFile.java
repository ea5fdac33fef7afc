package dev.finch.platform;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A file that Finch makes for itself and whose name says its content: a native library out of a
 * jar, a model. Written complete or not at all; replaced, never overwritten, since a running
 * process may have mapped it. Blocking; safe against other threads and processes that make the same
 * file.
 *
 * <p>What is opened again must be what was written, since native code trusts it. So it lies in a
 * directory that nobody else can write, and a seal beside it says which file that was: number of
 * its inode, size, and the times of its last change. Nobody but root can set the latter, so that a
 * file that was changed, or put there by somebody else, is written anew. To compare that costs a
 * look-up, where a hash would have to read all of it at every start.
 */
public final class CachedFile {

  private static final String PART = ".part";

  /** After that, whoever was writing a part is gone. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path path;

  private CachedFile(Path path) {
    this.path = path;
  }

  public static CachedFile at(Path file) {
    return new CachedFile(file.toAbsolutePath());
  }

  /** Writes the content to a path that does not exist yet. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path path) throws IOException;
  }

  /**
   * The file, written anew where it is not there, or not as it was written. What is given has no
   * link in it that somebody could turn elsewhere before it is opened.
   *
   * @throws IOException where it cannot be written, or where others could change it: the message
   *     says which directory is whose
   */
  public Path orWritten(Content content) throws IOException {
    Path file = place();
    if (!isSealed(file)) {
      writeSealed(content, file);
    }
    return file;
  }

  /**
   * Writes a file that is read with caution, in place of one that is there: it has no seal, so
   * {@link #orWritten} would write it anew.
   *
   * @throws IOException as for {@link #orWritten}
   */
  public void write(Content content) throws IOException {
    Path file = place();
    removeAbandoned(requireNonNull(file.getParent()));
    publish(content, file);
  }

  private static void writeSealed(Content content, Path file) throws IOException {
    removeAbandoned(requireNonNull(file.getParent()));
    publish(content, file);
    String written = identity(file);
    publish(part -> Files.writeString(part, written), seal(file));
  }

  private static Path seal(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".seal");
  }

  private static void publish(Content content, Path target) throws IOException {
    Path part = target.resolveSibling("." + UUID.randomUUID() + PART);
    try {
      content.writeTo(part);
      restrict(part, "rw-------");
      sync(part);
      move(part, target);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void move(Path part, Path target) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Where the file belongs: in a directory that is made where it is missing, and nobody else's. */
  private Path place() throws IOException {
    Path named = requireNonNull(path.getParent());
    OwnerOnly.createDirectories(named);
    Path directory = named.toRealPath();
    String doubt = Ownership.doubtAbove(directory);
    if (doubt == null) {
      doubt = Ownership.doubt(directory);
      if (doubt != null && Ownership.isOurs(directory)) {
        restrict(directory, "rwx------");
        doubt = Ownership.doubt(directory);
      }
    }
    if (doubt != null) {
      throw new IOException(doubt + " (expected: a cache that only this user and root can change)");
    }
    return directory.resolve(requireNonNull(path.getFileName()));
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (Ownership.isKnown(path)) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  private static boolean isSealed(Path file) throws IOException {
    try {
      return Ownership.doubt(file) == null
          && Ownership.doubt(seal(file)) == null
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Arrays.equals(
              Files.readAllBytes(seal(file)), identity(file).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What is another as soon as the file was changed in any way. */
  private static String identity(Path file) throws IOException {
    String wanted =
        Ownership.isKnown(file) ? "unix:ino,size,ctime,lastModifiedTime" : "size,lastModifiedTime";
    Map<String, Object> known = Files.readAttributes(file, wanted, LinkOption.NOFOLLOW_LINKS);
    StringBuilder text = new StringBuilder();
    for (String name : List.of("ino", "size", "ctime", "lastModifiedTime")) {
      text.append(known.get(name)).append('\n');
    }
    return text.toString();
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
