package dev.finch.routing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of lines that several processes write. Only its owner may read it. A line
 * that a dying process has left unfinished is closed off before the next one, and is for readers to
 * skip.
 *
 * <p>Every use takes two locks: one of this JVM, and one on a file beside it through {@link
 * FileChannel#lock}, which stands for the whole process. That the lock file is never opened
 * elsewhere matters: POSIX drops a process's locks when it closes any descriptor of the file.
 */
final class Journal {

  /** What may be done while nobody else has the file. */
  interface Held {

    /** The lines that were appended since this journal last looked, by anybody, oldest first. */
    List<String> unseen() throws IOException;

    /**
     * Whether the file was replaced since this journal last looked, so that all lines are unseen.
     */
    boolean replaced();

    /** Appends lines, and waits until the disk has them. */
    void append(List<String> lines) throws IOException;
  }

  /** Something done with the file held. */
  interface Work<T> {
    T with(Held held) throws IOException;
  }

  private static final Map<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int NAP_MILLIS = 2;

  private final Path file;
  private final Path lockFile;
  private final ReentrantLock inThisJvm;
  private @Nullable Object identity;
  private long seen;

  Journal(Path file) {
    this.file = file.toAbsolutePath().normalize();
    this.lockFile = this.file.resolveSibling("." + file.getFileName() + ".lock");
    this.inThisJvm = IN_THIS_JVM.computeIfAbsent(this.file, _ -> new ReentrantLock());
  }

  Path file() {
    return file;
  }

  /**
   * Does something while no other process and no other journal of this file does.
   *
   * @throws IOException where the file cannot be used, or is held by others for 5 seconds
   */
  <T> T exclusively(Work<T> work) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    if (!tryLock()) {
      throw held();
    }
    try {
      Files.createDirectories(Objects.requireNonNull(file.getParent()), directoryRights());
      try (FileChannel channel = openPrivate(lockFile, StandardOpenOption.WRITE);
          FileLock _ = lock(channel, end)) {
        return hold(work);
      }
    } finally {
      inThisJvm.unlock();
    }
  }

  /** Makes all lines unseen. */
  void forget() {
    identity = null;
  }

  private <T> T hold(Work<T> work) throws IOException {
    try (FileChannel channel =
        openPrivate(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      boolean replaced = !Objects.equals(now, identity) || channel.size() < seen;
      if (replaced) {
        identity = now;
        seen = 0;
      }
      return work.with(new Open(channel, replaced));
    }
  }

  private final class Open implements Held {
    private final FileChannel channel;
    private final boolean replaced;

    Open(FileChannel channel, boolean replaced) {
      this.channel = channel;
      this.replaced = replaced;
    }

    @Override
    public boolean replaced() {
      return replaced;
    }

    @Override
    public List<String> unseen() throws IOException {
      List<String> lines = new ArrayList<>();
      channel.position(seen);
      BoundedLines.read(Channels.newInputStream(channel), lines::add);
      seen = channel.position();
      return lines;
    }

    @Override
    public void append(List<String> lines) throws IOException {
      StringBuilder text = new StringBuilder(endsTorn() ? "\n" : "");
      lines.forEach(line -> text.append(line).append('\n'));
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      long end = channel.size();
      boolean upToDate = seen == end;
      while (bytes.hasRemaining()) {
        end += channel.write(bytes, end);
      }
      channel.force(false);
      seen = upToDate ? end : seen;
    }

    private boolean endsTorn() throws IOException {
      long size = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      return size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
    }
  }

  private boolean tryLock() throws IOException {
    try {
      return inThisJvm.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw held();
    }
  }

  private FileLock lock(FileChannel channel, long end) throws IOException {
    FileLock lock = channel.tryLock();
    while (lock == null) {
      if (System.nanoTime() > end || Thread.interrupted()) {
        throw held();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(NAP_MILLIS));
      lock = channel.tryLock();
    }
    return lock;
  }

  private IOException held() {
    return new IOException(file + " is held by another process.");
  }

  private static FileChannel openPrivate(Path path, StandardOpenOption... options)
      throws IOException {
    Set<StandardOpenOption> set = new HashSet<>(List.of(options));
    try {
      return FileChannel.open(path, set);
    } catch (NoSuchFileException e) {
      set.add(StandardOpenOption.CREATE);
      return FileChannel.open(path, set, fileRights());
    }
  }

  private static FileAttribute<?>[] fileRights() {
    return rights("rw-------");
  }

  private static FileAttribute<?>[] directoryRights() {
    return rights("rwx------");
  }

  private static FileAttribute<?>[] rights(String posix) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))
        }
        : new FileAttribute<?>[0];
  }
}
