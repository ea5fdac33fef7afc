package dev.finch.download;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One cached file after it was read to its end.
 *
 * @param file as the snapshot shows it
 * @param verdict what was found
 * @param expected the hash that it should have, or null where nothing on this machine says
 * @param actual the hash that it has, or null where there was nothing to compare with
 */
public record FileCheck(
    Path file, Verdict verdict, @Nullable String expected, @Nullable String actual) {

  /** What can be found. */
  public enum Verdict {
    GOOD,
    DAMAGED,
    /** A file that stands in the snapshot itself, where its name does not tell its hash. */
    UNKNOWN
  }

  private static final int BUFFER = 256 * 1024;

  public FileCheck {
    requireNonNull(file, "file");
    requireNonNull(verdict, "verdict");
  }

  static FileCheck of(Path file, LongConsumer progress) throws IOException {
    BlobId expected =
        Files.isSymbolicLink(file)
            ? BlobId.parse(String.valueOf(Files.readSymbolicLink(file).getFileName()))
            : VerificationMark.noted(file);
    if (expected == null) {
      return new FileCheck(file, Verdict.UNKNOWN, null, null);
    }
    String actual = hash(file, expected, progress);
    boolean good = actual.equals(expected.etag());
    if (good) {
      VerificationMark.mark(file, expected);
    }
    return new FileCheck(file, good ? Verdict.GOOD : Verdict.DAMAGED, expected.etag(), actual);
  }

  private static String hash(Path file, BlobId id, LongConsumer progress) throws IOException {
    MessageDigest digest = id.newDigest(Files.size(file));
    byte[] buffer = new byte[BUFFER];
    try (InputStream input = Files.newInputStream(file)) {
      int count;
      while ((count = input.read(buffer)) > 0) {
        digest.update(buffer, 0, count);
        progress.accept(count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
