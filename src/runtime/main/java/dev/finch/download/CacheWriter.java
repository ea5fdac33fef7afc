package dev.finch.download;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes into the cache so that a reader at any moment sees either nothing or the whole truth:
 * everything is made under another name and renamed. Blocking; thread-safe.
 */
final class CacheWriter {

  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by huggingface_hub.
      # For information about cache directory tags, see:
      #\thttps://bford.info/cachedir/
      """;

  private final CacheLayout layout;
  private final boolean linksWanted;
  private volatile boolean linksWork = true;

  CacheWriter(CacheLayout layout, boolean linksWanted) {
    this.layout = layout;
    this.linksWanted = linksWanted;
  }

  /** Makes the directories that a download of this file needs. */
  void prepare(String repository, RemoteFile file) throws IOException {
    Files.createDirectories(layout.blobs(repository));
    Files.createDirectories(layout.lock(repository, file.blob()).toAbsolutePath().getParent());
    if (!Files.exists(layout.tag())) {
      replace(layout.tag(), TAG);
    }
  }

  /** Whether the whole blob is there; one of another size is nobody's and will be replaced. */
  boolean hasBlob(String repository, RemoteFile file) {
    return hasSize(layout.blob(repository, file.blob()), file.size());
  }

  /** Whether the snapshot shows this file already. */
  boolean hasFile(String repository, String commit, RemoteFile file) throws IOException {
    return hasSize(layout.snapshotFile(repository, commit, file.path()), file.size());
  }

  /** Makes a snapshot show a blob that is there, and says where. */
  Path show(String repository, String commit, RemoteFile file) throws IOException {
    return show(repository, commit, file, CacheWriter::copy);
  }

  private Path show(String repository, String commit, RemoteFile file, Placing withoutLinks)
      throws IOException {
    Path shown = layout.snapshotFile(repository, commit, file.path());
    Path blob = layout.blob(repository, file.blob());
    Files.createDirectories(parent(shown));
    if (linksWanted && linksWork) {
      try {
        link(shown, parent(shown).relativize(blob));
        return shown;
      } catch (UnsupportedOperationException | FileSystemException e) {
        if (Files.isSymbolicLink(shown)
            || DiskFailures.diskFull(e)
            || DiskFailures.refusesWriting(e)) {
          throw e instanceof FileSystemException failed ? failed : new IOException(e);
        }
        linksWork = false;
      }
    }
    withoutLinks.place(blob, shown);
    return shown;
  }

  /** Makes a verified part visible as a file of the snapshot. */
  Path publish(PartFile part, String repository, String commit) throws IOException {
    RemoteFile file = part.file();
    Path blob = layout.blob(repository, file.blob());
    part.publish(blob);
    VerificationMark.mark(blob, file.blob());
    // As Python does without symlinks: the file in the snapshot is then the only one.
    return show(repository, commit, file, CacheWriter::move);
  }

  /** Publishes a file without bytes. */
  Path publishEmpty(String repository, String commit, RemoteFile file) throws IOException {
    Path blob = layout.blob(repository, file.blob());
    if (!hasSize(blob, 0)) {
      replace(blob, "");
    }
    return show(repository, commit, file);
  }

  /** Notes which commit a branch or tag points to; writes nothing where that is known. */
  void point(String repository, String revision, String commit) throws IOException {
    if (Hub.isCommit(revision)
        || layout.commitOf(repository, revision).filter(commit::equals).isPresent()) {
      return;
    }
    Path ref = layout.ref(repository, revision).normalize();
    if (!ref.startsWith(layout.repository(repository).resolve("refs"))) {
      throw new ForeignPath("The revision names a file outside of refs: " + revision);
    }
    Files.createDirectories(parent(ref));
    replace(ref, commit);
  }

  private void link(Path shown, Path target) throws IOException {
    Path fresh = sibling(shown);
    Files.createSymbolicLink(fresh, target);
    try {
      Files.move(fresh, shown, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  private static void move(Path blob, Path shown) throws IOException {
    Files.move(blob, shown, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void copy(Path blob, Path shown) throws IOException {
    Path fresh = sibling(shown);
    try {
      Files.copy(blob, fresh);
      Files.move(fresh, shown, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  private static void replace(Path file, String content) throws IOException {
    Path fresh = sibling(file);
    try {
      Files.write(fresh, content.getBytes(StandardCharsets.US_ASCII));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileAlreadyExistsException e) {
      Files.deleteIfExists(fresh);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  static boolean hasSize(Path file, long size) {
    try {
      return Files.size(file) == size && Files.isRegularFile(file);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path sibling(Path file) {
    String random = String.format("%08x", ThreadLocalRandom.current().nextInt());
    return file.resolveSibling(file.getFileName() + "." + random + CacheLayout.FRESH);
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: one in a directory)");
    }
    return parent;
  }

  /** How a blob gets to its place in a snapshot where links cannot be made. */
  private interface Placing {
    void place(Path blob, Path shown) throws IOException;
  }
}
