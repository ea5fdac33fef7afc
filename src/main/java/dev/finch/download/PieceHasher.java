package dev.finch.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The hash of a part, computed in order behind the bytes that have come without a gap. Reading them
 * back costs little: they were just written and lie in the page cache, and it leaves the network's
 * thread free. Confined to one task at a time; {@link #hashed} may be asked by anyone.
 */
final class PieceHasher {

  /** Long enough to be worth a task, short enough to stop soon even before it is compiled. */
  private static final long SLICE = 8L * 1024 * 1024;

  private static final int BUFFER = 128 * 1024;

  private final PartFile part;
  private final MessageDigest digest;
  private final byte[] buffer = new byte[BUFFER];
  private volatile long hashed;

  PieceHasher(PartFile part) {
    this.part = part;
    this.digest = part.file().blob().newDigest(part.file().size());
  }

  /** How many bytes are hashed, from the start of the file. */
  long hashed() {
    return hashed;
  }

  /** Hashes a slice of what lies below {@code frontier}. */
  void advance(long frontier) throws IOException {
    long at = hashed;
    long end = Math.min(frontier, at + SLICE);
    while (at < end) {
      int count = (int) Math.min(buffer.length, end - at);
      part.read(ByteBuffer.wrap(buffer, 0, count), at);
      digest.update(buffer, 0, count);
      at += count;
    }
    hashed = at;
  }

  /** The hash in hexadecimal digits; once, at the end. */
  String finish() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
