package dev.finch.platform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.MessageDigest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NativeSha256Test {

  @Test
  void givesTheSameHashAsTheJdkHoweverTheBytesCome() throws Exception {
    Optional<MessageDigest> found = NativeSha256.create();
    assumeTrue(found.isPresent(), "needs OpenSSL");
    MessageDigest ours = found.get();
    MessageDigest jdk = MessageDigest.getInstance("SHA-256");
    Random random = new Random(1);
    for (int length : new int[] {0, 1, 55, 56, 63, 64, 65, 1_000, 300_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      int at = 0;
      while (at < length) {
        int count = 1 + random.nextInt(length - at);
        ours.update(bytes, at, count);
        jdk.update(bytes, at, count);
        at += count;
      }
      assertArrayEquals(jdk.digest(), ours.digest(), length + " bytes");
    }
  }

  @Test
  void isReadyForTheNextAfterOneWasGivenUp() throws Exception {
    Optional<MessageDigest> found = NativeSha256.create();
    assumeTrue(found.isPresent(), "needs OpenSSL");
    MessageDigest ours = found.get();
    ours.update((byte) 7);
    ours.reset();
    assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(), ours.digest());
  }
}
