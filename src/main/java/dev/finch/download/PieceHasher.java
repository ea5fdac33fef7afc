package dev.finch.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The hash of a part, computed in order behind the bytes that have come without a gap. Reading them
 * back costs little: they were just written and lie in the page cache. Confined to one task at a
 * time.
 */
final class PieceHasher {

  /** Long enough to keep the processor busy, short enough to stop soon. */
  private static final long SLICE = 32L * 1024 * 1024;

  private static final int BUFFER = 256 * 1024;

  private final PartFile part;
  private final MessageDigest digest;
  private final byte[] buffer = new byte[BUFFER];
  private long hashed;

  PieceHasher(PartFile part) {
    this.part = part;
    this.digest = part.file().blob().newDigest(part.file().size());
  }

  /** Hashes a slice of what lies below {@code frontier}; gives how many bytes are hashed now. */
  long advance(long frontier) throws IOException {
    long end = Math.min(frontier, hashed + SLICE);
    while (hashed < end) {
      int count = (int) Math.min(buffer.length, end - hashed);
      part.read(ByteBuffer.wrap(buffer, 0, count), hashed);
      digest.update(buffer, 0, count);
      hashed += count;
    }
    return hashed;
  }

  /** The hash in hexadecimal digits; once, at the end. */
  String finish() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
