package dev.finch.gguf;

import java.nio.ByteBuffer;

/** Turns numbers into a tensor type's blocks. */
@FunctionalInterface
interface FloatEncoder {

  int Q8_BLOCK = TensorType.Q8_0.blockElements();

  void encode(float[] numbers, ByteBuffer out);

  static FloatEncoder of(TensorType type) {
    return switch (type) {
      case F32 -> FloatEncoder::f32;
      case F16 -> FloatEncoder::f16;
      case Q8_0 -> FloatEncoder::q8;
      default -> throw new IllegalArgumentException(type + " (expected: F32, F16 or Q8_0)");
    };
  }

  private static void f32(float[] numbers, ByteBuffer out) {
    for (float number : numbers) {
      out.putFloat(number);
    }
  }

  private static void f16(float[] numbers, ByteBuffer out) {
    for (float number : numbers) {
      out.putShort(Float.floatToFloat16(number));
    }
  }

  /** Blocks of 32: the scale in half precision, then 32 signed bytes. */
  private static void q8(float[] numbers, ByteBuffer out) {
    byte[] quantized = new byte[Q8_BLOCK];
    for (int block = 0; block < numbers.length; block += Q8_BLOCK) {
      float largest = 0;
      for (int i = block; i < block + Q8_BLOCK; i++) {
        largest = Math.max(largest, Math.abs(numbers[i]));
      }
      float scale = largest / Byte.MAX_VALUE;
      float inverse = scale == 0 ? 0 : 1 / scale;
      for (int i = 0; i < Q8_BLOCK; i++) {
        // floor(x + 0.5) is what the compiler vectorises; ties matter to nobody here.
        quantized[i] = (byte) (int) Math.floor(numbers[block + i] * inverse + 0.5f);
      }
      out.putShort(Float.floatToFloat16(scale));
      out.put(quantized);
    }
  }
}
