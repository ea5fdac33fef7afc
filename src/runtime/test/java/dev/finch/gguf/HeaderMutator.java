package dev.finch.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages headers in the ways that bugs, bad disks and bad people do. The same seed, the same. */
public final class HeaderMutator {

  private static final long[] TELLING = {
    0,
    1,
    -1,
    2,
    3,
    7,
    31,
    32,
    33,
    63,
    64,
    127,
    128,
    255,
    256,
    511,
    512,
    513,
    65_535,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFFFFFFL,
    1L << 32,
    1L << 40,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE / 2,
    Long.MIN_VALUE + 1
  };

  private final SplittableRandom random;

  public HeaderMutator(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * A damaged copy.
   *
   * @param headerBytes where the damage may be done
   */
  public byte[] mutate(byte[] file, int headerBytes) {
    byte[] damaged = file.clone();
    int damages = 1 + random.nextInt(3);
    for (int i = 0; i < damages; i++) {
      damaged = damage(damaged, Math.min(headerBytes, damaged.length));
    }
    return damaged;
  }

  private byte[] damage(byte[] file, int headerBytes) {
    if (headerBytes < Long.BYTES + 1) {
      return file;
    }
    int at = random.nextInt(headerBytes - Long.BYTES);
    switch (random.nextInt(8)) {
      case 0 -> file[at] = (byte) random.nextInt();
      case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 2, 3 -> little(file).putInt(at, (int) telling());
      case 4 -> little(file).putLong(at, telling());
      case 5 -> little(file).putInt(at, little(file).getInt(at) + random.nextInt(-2, 3));
      case 6 -> {
        return Arrays.copyOf(file, random.nextInt(file.length));
      }
      default -> {
        return moved(file, at, random.nextInt(-16, 17));
      }
    }
    return file;
  }

  private long telling() {
    return TELLING[random.nextInt(TELLING.length)];
  }

  /** Bytes put in or left out, so that all that follows is out of step. */
  private static byte[] moved(byte[] file, int at, int by) {
    int from = Math.clamp(at + by, 0, file.length);
    byte[] moved = new byte[at + file.length - from];
    System.arraycopy(file, 0, moved, 0, at);
    System.arraycopy(file, from, moved, at, file.length - from);
    return moved;
  }

  private static ByteBuffer little(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }
}
