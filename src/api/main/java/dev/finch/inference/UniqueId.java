package dev.finch.inference;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names requests and conversations. Unique and no secret: {@link UUID#randomUUID} would load the
 * JDK's security providers, which takes a cold JVM 40 ms. Thread-safe.
 */
final class UniqueId {

  private UniqueId() {}

  /** One that nothing else has, in the form of a UUID. */
  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
