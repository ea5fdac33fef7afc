package dev.finch.gguf;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Numbers as GGUF stores them: little endian, unaligned. */
final class LittleEndian {

  static final ValueLayout.OfShort INT16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfLong INT64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  static final ValueLayout.OfDouble FLOAT64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private LittleEndian() {}

  static long whole(MemorySegment segment, long at, ValueType type) {
    return switch (type) {
      case UINT8, BOOL -> Byte.toUnsignedLong(segment.get(ValueLayout.JAVA_BYTE, at));
      case INT8 -> segment.get(ValueLayout.JAVA_BYTE, at);
      case UINT16 -> Short.toUnsignedLong(segment.get(INT16, at));
      case INT16 -> segment.get(INT16, at);
      case UINT32 -> Integer.toUnsignedLong(segment.get(INT32, at));
      case INT32 -> segment.get(INT32, at);
      case UINT64, INT64 -> segment.get(INT64, at);
      case FLOAT32, FLOAT64, STRING, ARRAY ->
          throw new IllegalArgumentException(type + " (expected: a whole number)");
    };
  }

  static double real(MemorySegment segment, long at, ValueType type) {
    return switch (type) {
      case FLOAT32 -> segment.get(FLOAT32, at);
      case FLOAT64 -> segment.get(FLOAT64, at);
      default -> throw new IllegalArgumentException(type + " (expected: FLOAT32 or FLOAT64)");
    };
  }
}
