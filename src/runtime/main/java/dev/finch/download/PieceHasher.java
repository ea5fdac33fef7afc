package dev.finch.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The hash of a part, computed in order behind the bytes that have come without a gap.
 *
 * <p>What is written at that place is hashed while it is at hand; what other connections wrote
 * further on is read back when its turn comes. Thread-safe: whoever finds another one at work
 * leaves the bytes to a later {@link #advance}.
 */
final class PieceHasher {

  /** Long enough to be worth a task, short enough to stop soon even before it is compiled. */
  private static final long SLICE = 8L * 1024 * 1024;

  private static final int BUFFER = 128 * 1024;

  private final PartFile part;
  private final MessageDigest digest;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile long hashed;

  PieceHasher(PartFile part) {
    this.part = part;
    this.digest = part.file().blob().newDigest(part.file().size());
  }

  /** How many bytes are hashed, from the start of the file. */
  long hashed() {
    return hashed;
  }

  /** Hashes bytes that were just written, where they are the next ones. */
  void wrote(byte[] bytes, int count, long at) {
    if (at != hashed || !turn.tryLock()) {
      return;
    }
    try {
      if (at == hashed) {
        digest.update(bytes, 0, count);
        hashed = at + count;
      }
    } finally {
      turn.unlock();
    }
  }

  /** Hashes a slice of what lies below {@code frontier}. */
  void advance(long frontier) throws IOException {
    turn.lock();
    try {
      byte[] buffer = new byte[BUFFER];
      long at = hashed;
      long end = Math.min(frontier, at + SLICE);
      while (at < end) {
        int count = (int) Math.min(buffer.length, end - at);
        part.read(ByteBuffer.wrap(buffer, 0, count), at);
        digest.update(buffer, 0, count);
        at += count;
        hashed = at;
      }
    } finally {
      turn.unlock();
    }
  }

  /** The hash in hexadecimal digits; once, at the end. */
  String finish() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
