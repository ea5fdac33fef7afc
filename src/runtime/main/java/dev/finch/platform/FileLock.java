package dev.finch.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive advisory lock on a file that other programs' {@code flock(2)} sees and respects.
 *
 * <p>Java's own file locks are {@code fcntl} record locks on Unix, which the lock files of the
 * Hugging Face cache (Python's filelock, Rust's {@code File::lock}, llama.cpp) never meet. A lock
 * belongs to its open file, so two in one process exclude each other too, and the kernel frees it
 * when the process dies. On Windows it is byte 0 of the file, as Python's {@code msvcrt.locking}
 * takes it.
 *
 * <p>Thread-safe. The file is created where absent and never removed: a removed lock file would let
 * two processes hold "the same" lock.
 */
public final class FileLock implements AutoCloseable {

  private final Path file;
  private final Held held;
  private boolean released;

  private FileLock(Path file, Held held) {
    this.file = file;
    this.held = held;
  }

  /**
   * Takes the lock if it is free, without waiting.
   *
   * @return empty where another open file, of this process or another, holds it
   * @throws IOException where the file cannot be opened or its file system has no such locks
   */
  public static Optional<FileLock> tryAcquire(Path file) throws IOException {
    Held held = Flock.supported() ? Flock.tryAcquire(file) : tryFirstByte(file);
    return held == null ? Optional.empty() : Optional.of(new FileLock(file, held));
  }

  /** Frees the lock. Idempotent. */
  @Override
  public synchronized void close() throws IOException {
    if (!released) {
      released = true;
      held.release();
    }
  }

  @Override
  public String toString() {
    return "lock " + file;
  }

  private static @Nullable Held tryFirstByte(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    try {
      if (channel.tryLock(0, 1, false) != null) {
        return channel::close;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      return null;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /** What frees the lock. */
  interface Held {
    void release() throws IOException;
  }
}
