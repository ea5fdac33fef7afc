package dev.finch.download;

import dev.finch.platform.NativeSha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a blob, which is the hash of its content: sha256 for large files, git's sha1 for
 * small ones.
 *
 * @param etag 64 or 40 lower-case hexadecimal digits
 */
record BlobId(String etag) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{40}");

  BlobId {
    if (!HEX.matcher(etag).matches()) {
      throw new IllegalArgumentException("etag: " + etag + " (expected: 64 or 40 hex digits)");
    }
  }

  /** Reads an ETag header, or a blob's file name; null where it is no hash. */
  static @Nullable BlobId parse(@Nullable String header) {
    if (header == null) {
      return null;
    }
    String bare = header.strip();
    if (bare.startsWith("W/")) {
      bare = bare.substring(2);
    }
    bare = bare.replace("\"", "").toLowerCase(Locale.ROOT);
    return HEX.matcher(bare).matches() ? new BlobId(bare) : null;
  }

  /** A digest that yields {@link #etag} after it was fed the blob's bytes, {@code size} of them. */
  MessageDigest newDigest(long size) {
    if (isSha256()) {
      return NativeSha256.create().orElseGet(() -> ofJdk("SHA-256"));
    }
    MessageDigest sha1 = ofJdk("SHA-1");
    sha1.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
    return sha1;
  }

  private static MessageDigest ofJdk(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no " + algorithm, e);
    }
  }

  boolean isSha256() {
    return etag.length() == 64;
  }
}
