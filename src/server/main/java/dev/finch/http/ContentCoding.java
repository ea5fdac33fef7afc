package dev.finch.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.pekko.stream.StreamLimitReachedException;
import org.jspecify.annotations.Nullable;

/** How a body is packed (RFC 9110, section 8.4.1). */
enum ContentCoding {
  NONE,
  GZIP,
  DEFLATE;

  /** A body comes in a coding that is not read here, or in several. */
  static final class Unknown extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    Unknown() {
      super("unknown content coding", null, false, false);
    }
  }

  private static final int PIECE = 64 << 10;

  /**
   * The low half of zlib's first byte; without it the bytes are bare, as some clients send them.
   */
  private static final int ZLIB = 8;

  /**
   * @throws Unknown for any other coding
   */
  static ContentCoding of(@Nullable String header) {
    return switch (header == null ? "" : header.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> NONE;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default -> throw new Unknown();
    };
  }

  /**
   * The bytes unpacked; a bad request where they are damaged.
   *
   * @param most bytes that there may be, whatever was sent
   * @param share counts them as they come
   * @throws StreamLimitReachedException where there are more
   */
  ByteBuffer decode(ByteBuffer bytes, long most, BodyQuota.Share share) {
    byte[] packed = new byte[bytes.remaining()];
    bytes.get(packed);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    try (InputStream in = unpacked(packed)) {
      int read;
      while ((read = in.read(piece)) >= 0) {
        if (read > most - whole.size()) {
          throw new StreamLimitReachedException(most);
        }
        share.add(read);
        whole.write(piece, 0, read);
      }
    } catch (IOException e) {
      throw Refusals.badRequest(
          "The body is not what its Content-Encoding says (expected: "
              + name().toLowerCase(Locale.ROOT)
              + ").");
    }
    return ByteBuffer.wrap(whole.toByteArray());
  }

  private InputStream unpacked(byte[] packed) throws IOException {
    InputStream in = new ByteArrayInputStream(packed);
    if (this == GZIP) {
      return new GZIPInputStream(in);
    }
    boolean bare = packed.length == 0 || (packed[0] & 0x0f) != ZLIB;
    return new InflaterInputStream(in, new Inflater(bare));
  }
}
