package dev.finch.gguf;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a tensor's bytes come from when it is written. Asked for runs of elements, from several
 * threads and in any order; the same run gives the same bytes.
 */
@FunctionalInterface
public interface TensorData {

  /**
   * Puts the encoded elements into a little-endian buffer that has exactly the room for them.
   *
   * @param first index of the first element, a multiple of the type's block
   * @param count elements, a multiple of the type's block
   */
  void encode(long first, int count, ByteBuffer out);

  /** Where the numbers come from that {@link #of} encodes. */
  @FunctionalInterface
  interface Floats {
    /** Fills {@code out} with the elements from {@code first} on. */
    void fill(long first, float[] out);
  }

  /**
   * Numbers encoded as F32, F16 or Q8_0.
   *
   * @throws IllegalArgumentException for another type
   */
  static TensorData of(TensorType type, Floats numbers) {
    FloatEncoder encoder = FloatEncoder.of(type);
    return (first, count, out) -> {
      float[] run = new float[count];
      numbers.fill(first, run);
      encoder.encode(run, out);
    };
  }

  /** {@link #of(TensorType, Floats)} with all numbers in memory. */
  static TensorData of(TensorType type, float[] numbers) {
    return of(type, (first, out) -> System.arraycopy(numbers, (int) first, out, 0, out.length));
  }

  /** The same number everywhere. */
  static TensorData constant(TensorType type, float number) {
    return of(type, (_, out) -> Arrays.fill(out, number));
  }
}
