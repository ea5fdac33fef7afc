package dev.finch.platform;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether what lies in a directory can only have been put there by this user or by root, as ssh
 * asks of its keys. Where the file system knows no owners, everything is taken. Thread-safe.
 */
public final class Ownership {

  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final int STICKY = 01000;

  private Ownership() {}

  /**
   * Makes sure that nobody else can put files into a directory below {@code base}: all directories
   * on the way are this user's own, are no links, and lose others' right to write.
   *
   * @param base exists; the directory above it may be root's, or one where nobody can replace
   *     another's files
   * @param directory {@code base} or below it; exists
   * @throws IOException that says which directory is whose
   */
  public static void require(Path base, Path directory) throws IOException {
    if (!posix(base)) {
      return;
    }
    Path real = base.toRealPath();
    Path above = real.getParent();
    if (above != null) {
      requireParent(above);
    }
    requireOwn(real);
    Path current = real;
    for (Path name : base.relativize(directory)) {
      current = current.resolve(name);
      requireOwn(current);
    }
  }

  /** Whether a regular file, and no link, is this user's own and nobody else can write it. */
  public static boolean isOwnFile(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!posix(file)) {
      return true;
    }
    Map<String, Object> facts =
        Files.readAttributes(file, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    return uid(facts) == ownUid() && (mode(facts) & 022) == 0;
  }

  private static void requireOwn(Path directory) throws IOException {
    if (directory.toString().isEmpty()) {
      return;
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " is no directory of its own but a link or a file");
    }
    Map<String, Object> facts = Files.readAttributes(directory, "unix:uid,mode");
    if (uid(facts) != ownUid()) {
      throw new IOException(
          directory + " belongs to " + Files.getOwner(directory) + ", who could put files there");
    }
    if ((mode(facts) & 022) != 0) {
      Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
      rights.addAll(Files.getPosixFilePermissions(directory));
      rights.removeAll(OTHERS_WRITE);
      Files.setPosixFilePermissions(directory, rights);
    }
  }

  private static void requireParent(Path directory) throws IOException {
    Map<String, Object> facts = Files.readAttributes(directory, "unix:uid,mode");
    int owner = uid(facts);
    boolean replaceable = (mode(facts) & 02) != 0 && (mode(facts) & STICKY) == 0;
    if ((owner != 0 && owner != ownUid()) || replaceable) {
      throw new IOException(
          directory
              + " (owner "
              + Files.getOwner(directory)
              + ", "
              + PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))
              + ") lets others replace what lies in it");
    }
  }

  private static int uid(Map<String, Object> facts) {
    return (Integer) requireNonNull(facts.get("uid"));
  }

  private static int mode(Map<String, Object> facts) {
    return (Integer) requireNonNull(facts.get("mode"));
  }

  // Linux says it without a call; elsewhere a file that is made now belongs to whoever runs.
  private static int ownUid() throws IOException {
    Path self = Path.of("/proc/self/task");
    if (Files.exists(self)) {
      return (Integer) Files.getAttribute(self, "unix:uid");
    }
    Path probe = Files.createTempFile("finch", ".probe");
    try {
      return (Integer) Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }
}
