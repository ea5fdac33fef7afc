package dev.finch.gguf;

import java.util.Arrays;
import java.util.Optional;

/** The type of a metadata value. */
public enum ValueType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 0),
  ARRAY(9, 0),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int number;
  private final int size;

  ValueType(int number, int size) {
    this.number = number;
    this.size = size;
  }

  /** The type of this number, or empty where there is none. */
  public static Optional<ValueType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /** Its number in the file. */
  public int number() {
    return number;
  }

  /** Bytes of one value, or 0 where values differ in length. */
  public int size() {
    return size;
  }
}
