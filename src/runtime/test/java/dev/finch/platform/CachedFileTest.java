package dev.finch.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CachedFileTest {

  private static final int NOBODY = 65534;

  @TempDir Path root;

  private final AtomicInteger writes = new AtomicInteger();
  private Path file = Path.of("");

  @BeforeEach
  void chooseFile() throws IOException {
    root = root.toRealPath();
    file = root.resolve("cache").resolve("models").resolve("a.gguf");
  }

  private Path get() throws IOException {
    return CachedFile.at(file)
        .orWritten(
            part -> {
              writes.incrementAndGet();
              Files.writeString(part, "right");
            });
  }

  private void assertRight(int written) throws IOException {
    assertEquals("right", Files.readString(get()));
    assertEquals(written, writes.get());
    assertEquals("rw-------", permissions(file));
    assertNull(Ownership.doubt(file.getParent()));
    assertFalse(Files.isSymbolicLink(file));
  }

  @Test
  void writesOnceWhatNobodyChanges() throws IOException {
    assertRight(1);
    assertRight(1);
  }

  @Test
  void writesAnewWhatWasChangedEvenWhereSizeAndTimeAreAsBefore() throws IOException {
    assertRight(1);
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "wrong");
    Files.setLastModifiedTime(file, time);
    assertRight(2);
  }

  @Test
  void writesAnewWhatLaysThereBeforeTheFirstTime() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "wrong");
    assertRight(1);
  }

  @Test
  void writesAnewALinkAndLeavesItsTargetAlone() throws IOException {
    Path target = Files.writeString(root.resolve("target"), "mine!");
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, target);
    assertRight(1);
    assertEquals("mine!", Files.readString(target));
  }

  @Test
  void takesRightsBackThatOthersHadInTheDirectoryAndTrustsNoFileFromThen() throws IOException {
    assertRight(1);
    Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    Path other = Files.writeString(file.resolveSibling("other"), "wrong");
    Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRight(2);
  }

  @Test
  void writesAnewAFileThatOthersMayWrite() throws IOException {
    assertRight(1);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertRight(2);
  }

  @Test
  void refusesADirectoryBelowOneThatEverybodyMayChange() throws IOException {
    Path open = Files.createDirectory(root.resolve("cache"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    IOException refusal = assertThrows(IOException.class, this::get);
    assertTrue(
        refusal.getMessage().contains(open + " may be written by everybody"), refusal.getMessage());
    assertEquals(0, writes.get());
  }

  @Test
  void givesThePathWithoutLinksThatCouldBeTurnedElsewhere() throws IOException {
    Path real = Files.createDirectory(root.resolve("real"));
    Files.createSymbolicLink(root.resolve("cache"), real);
    assertEquals(real.resolve("models").resolve("a.gguf"), get());
  }

  @Test
  void refusesADirectoryOfAnotherUser() throws IOException {
    assumeTrue(isRoot(), "only root can give a directory away");
    Path cache = Files.createDirectories(file.getParent()).getParent();
    for (Path theirs : new Path[] {file.getParent(), cache}) {
      Files.setAttribute(theirs, "unix:uid", NOBODY);
      IOException refusal = assertThrows(IOException.class, this::get);
      assertTrue(
          refusal.getMessage().contains(theirs + " belongs to user " + NOBODY),
          refusal.getMessage());
      Files.setAttribute(theirs, "unix:uid", 0);
    }
    assertEquals(0, writes.get());
    assertRight(1);
  }

  @Test
  void writesAnewAFileOfAnotherUser() throws IOException {
    assumeTrue(isRoot(), "only root can give a file away");
    assertRight(1);
    Files.setAttribute(file, "unix:uid", NOBODY);
    assertRight(2);
    assertEquals(0, Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS));
  }

  private boolean isRoot() throws IOException {
    return Files.getAttribute(root, "unix:uid").equals(0);
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
