package dev.finch.engine;

/** How keys and values are stored in the cache. */
public enum KvType {
  F16(2.0),
  Q8_0(34.0 / 32);

  private final double bytesPerValue;

  KvType(double bytesPerValue) {
    this.bytesPerValue = bytesPerValue;
  }

  /** Bytes of memory for one value, block overhead included. */
  public double bytesPerValue() {
    return bytesPerValue;
  }
}
