package dev.finch.download;

import dev.finch.platform.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes what Finch left unfinished before a moment, and nobody is at work on. */
final class Pruning {

  private final CacheLayout layout;
  private final Instant before;

  Pruning(CacheLayout layout, Instant before) {
    this.layout = layout;
    this.before = before;
  }

  /** Gives the bytes freed. */
  long prune(String repository) throws IOException {
    long freed = 0;
    for (Path file : leftovers(repository)) {
      BlobId id = BlobId.parse(String.valueOf(file.getFileName()).replaceFirst("\\..*", ""));
      freed += id == null ? delete(file) : deleteUnlocked(repository, id, file);
    }
    return freed;
  }

  private List<Path> leftovers(String repository) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.walk(layout.repository(repository))) {
      for (Path entry : entries.toList()) {
        if (ours(String.valueOf(entry.getFileName())) && old(entry)) {
          found.add(entry);
        }
      }
    }
    return found;
  }

  private static boolean ours(String name) {
    return name.endsWith(CacheLayout.PART)
        || name.endsWith(CacheLayout.STATE)
        || name.endsWith(CacheLayout.FRESH);
  }

  private boolean old(Path entry) throws IOException {
    return !Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS).toInstant().isAfter(before);
  }

  private long deleteUnlocked(String repository, BlobId id, Path file) throws IOException {
    Path lock = layout.lock(repository, id);
    if (!Files.exists(lock)) {
      return delete(file);
    }
    Optional<FileLock> held = FileLock.tryAcquire(lock);
    if (held.isEmpty()) {
      return 0;
    }
    try (FileLock _ = held.get()) {
      return delete(file);
    }
  }

  private static long delete(Path file) throws IOException {
    long size = Files.isSymbolicLink(file) ? 0 : Files.size(file);
    return Files.deleteIfExists(file) ? size : 0;
  }
}
