package dev.finch.download;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What is known of one file's part: which bytes are on disk, how far they are hashed, and what of
 * that is written beside them. Confined to the transfer's actor; what blocks is handed out, one
 * task of a kind at a time, and comes back as an {@link Entry} to {@link #settle}.
 */
final class PartProgress {

  /** Runs blocking work away from the actor. */
  interface Disk {
    void run(Blocking.Work<Entry> task);
  }

  /** Work that was done. */
  sealed interface Entry {}

  private record Hashed() implements Entry {}

  private record Persisted(long bytes) implements Entry {}

  private record Emptied() implements Entry {}

  /** The part is closed, and kept where it can be continued. */
  record Left() implements Entry {}

  private final PartFile part;
  private final DownloadSettings settings;
  private final Disk disk;
  private final long size;
  private RangeSet committed;
  private boolean hashing;
  private boolean persisting;
  private boolean emptying;
  private long persistedBytes;
  private long persistedAt = System.nanoTime();

  PartProgress(PartFile part, DownloadSettings settings, Disk disk) {
    this.part = part;
    this.settings = settings;
    this.disk = disk;
    this.size = part.file().size();
    this.committed = part.found();
    this.persistedBytes = committed.size();
  }

  RangeSet committed() {
    return committed;
  }

  /** Whether all bytes are there. */
  boolean whole() {
    return committed.size() == size;
  }

  /** Whether all bytes are there and hashed, and no task is under way. */
  boolean closed() {
    return whole() && part.hasher().hashed() == size && !busy();
  }

  boolean busy() {
    return hashing || persisting || emptying;
  }

  /** Whether nothing may be written into the part now. */
  boolean emptying() {
    return emptying;
  }

  void wrote(long from, long to) {
    committed = committed.with(new ByteRange(from, to));
  }

  /** Hashes what came, and writes down what is new where that is due. */
  void keepUp() {
    hash();
    persistWhenDue();
  }

  void settle(Entry entry) {
    switch (entry) {
      case Hashed _ -> hashing = false;
      case Persisted(long bytes) -> {
        persisting = false;
        persistedBytes = bytes;
        persistedAt = System.nanoTime();
      }
      case Emptied _ -> {
        emptying = false;
        persistedBytes = 0;
      }
      case Left _ -> {}
    }
  }

  /** A task failed; nothing else can be done with this part but {@link #leave}. */
  void failed() {
    hashing = false;
    persisting = false;
    emptying = false;
  }

  /** Forgets what lies behind the first gap. */
  void keepPrefix() {
    committed = committed.below(committed.prefix());
  }

  /** The hash of the {@link #closed} part. */
  String digest() {
    return part.hasher().finish();
  }

  /** Forgets everything, so that nothing of it can be continued. */
  void forget() {
    committed = RangeSet.EMPTY;
  }

  /** Empties the part for another attempt. */
  void restart() {
    forget();
    emptying = true;
    disk.run(
        () -> {
          part.reset();
          return new Emptied();
        });
  }

  /** Writes down what there is, and closes the part. */
  void leave() {
    RangeSet kept = committed;
    disk.run(
        () -> {
          part.leave(kept);
          return new Left();
        });
  }

  /** As {@link #leave}, but done when this returns; it blocks. Nothing where that was done. */
  void leaveNow() {
    try {
      part.leave(committed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void hash() {
    long frontier = committed.prefix();
    if (!hashing && frontier > part.hasher().hashed()) {
      hashing = true;
      PieceHasher current = part.hasher();
      disk.run(
          () -> {
            current.advance(frontier);
            return new Hashed();
          });
    }
  }

  private void persistWhenDue() {
    long fresh = committed.size() - persistedBytes;
    long age = System.nanoTime() - persistedAt;
    boolean due =
        fresh >= settings.persistBytes()
            || (fresh > 0 && age >= settings.persistInterval().toNanos());
    if (due && !persisting && !emptying && !whole()) {
      persisting = true;
      RangeSet now = committed;
      disk.run(
          () -> {
            part.persist(now);
            return new Persisted(now.size());
          });
    }
  }
}
