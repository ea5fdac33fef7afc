package dev.finch.download;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * The bytes of one file that a {@link LoopbackHub} serves.
 *
 * @param file where they lie
 * @param size how many they are
 * @param sha256 their hash
 * @param sha1 their hash as git computes it
 */
public record Content(Path file, long size, String sha256, String sha1) {

  private static final int BLOCK = 1 << 20;

  static Content of(Path file) {
    try {
      long size = Files.size(file);
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + size + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      try (var input = Files.newInputStream(file)) {
        byte[] block = new byte[BLOCK];
        int count;
        while ((count = input.read(block)) > 0) {
          sha256.update(block, 0, count);
          sha1.update(block, 0, count);
        }
      }
      HexFormat hex = HexFormat.of();
      return new Content(file, size, hex.formatHex(sha256.digest()), hex.formatHex(sha1.digest()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes a file of random bytes: the same seed, the same bytes. */
  static Path random(Path file, long size, long seed) {
    Random random = new Random(seed);
    byte[] block = new byte[BLOCK];
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      try (var output = Files.newOutputStream(file)) {
        for (long left = size; left > 0; left -= block.length) {
          random.nextBytes(block);
          output.write(block, 0, (int) Math.min(block.length, left));
        }
      }
      return file;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  FileChannel open() throws IOException {
    return FileChannel.open(file);
  }
}
