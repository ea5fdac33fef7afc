package dev.finch.platform;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who else could have written a file, by its owner and its mode, as ssh asks of the files that it
 * trusts. Where a file system knows no such thing there is no doubt. Stateless; blocks for the
 * look-ups only.
 */
public final class Ownership {

  private static final int TYPE = 0xF000;
  private static final int LINK = 0xA000;
  private static final int GROUP_OR_OTHERS_WRITE = 0022;
  private static final int OTHERS_WRITE = 0002;
  private static final int STICKY = 01000;
  private static final int ROOT = 0;

  private Ownership() {}

  /**
   * Why somebody else than the user of this process and root could have written this file or
   * directory, or be about to; null where nobody could. Does not follow a link.
   *
   * @throws IOException where it is not there or cannot be looked at
   */
  public static @Nullable String doubt(Path path) throws IOException {
    if (!isKnown(path)) {
      return null;
    }
    Map<String, Object> known = attributes(path);
    int mode = (int) requireNonNull(known.get("mode"));
    int owner = (int) requireNonNull(known.get("uid"));
    if ((mode & TYPE) == LINK) {
      return path + " is a link";
    }
    if (owner != User.ID && owner != ROOT) {
      return path + " belongs to user " + owner + ", and Finch runs as user " + User.ID;
    }
    return (mode & GROUP_OR_OTHERS_WRITE) == 0
        ? null
        : path + " may be written by others (mode " + Integer.toOctalString(mode & 07777) + ")";
  }

  /**
   * Why somebody else could put another directory in this one's place; null where nobody could but
   * root and the members of groups that this user lets write.
   *
   * @param directory without a link in it
   */
  static @Nullable String doubtAbove(Path directory) throws IOException {
    if (!isKnown(directory)) {
      return null;
    }
    for (Path at = directory.getParent(); at != null; at = at.getParent()) {
      Map<String, Object> known = attributes(at);
      int mode = (int) requireNonNull(known.get("mode"));
      int owner = (int) requireNonNull(known.get("uid"));
      if (owner != User.ID && owner != ROOT) {
        return at + " belongs to user " + owner + ", and Finch runs as user " + User.ID;
      }
      if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
        return at + " may be written by everybody";
      }
    }
    return null;
  }

  /** Whether it belongs to the user of this process. Does not follow a link. */
  static boolean isOurs(Path path) throws IOException {
    return (int) requireNonNull(attributes(path).get("uid")) == User.ID;
  }

  static boolean isKnown(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  private static Map<String, Object> attributes(Path path) throws IOException {
    return Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
  }

  private static final class User {
    /** {@code geteuid(2)}, of which only the lower half is defined. */
    static final int ID =
        (int)
            new NativeFunction(Linker.nativeLinker().defaultLookup().findOrThrow("geteuid")).call();
  }
}
