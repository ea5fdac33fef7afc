package dev.finch.engine;

/**
 * Uniform random numbers that can be had from any place on: element {@code i} of a stream depends
 * on the seed, the stream's name and {@code i} only. Thread-safe.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, 2014), entered at the wanted position.
 */
final class RandomNumbers {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final float UNIT = 0x1p-31f;

  private final long start;

  RandomNumbers(long seed, String stream) {
    long hash = mix(seed + GAMMA);
    for (int i = 0; i < stream.length(); i++) {
      hash = mix((hash ^ stream.charAt(i)) + GAMMA);
    }
    this.start = hash;
  }

  /**
   * Fills with numbers of mean 0 from {@code -bound} to {@code bound}.
   *
   * @param first position of the first, an even number
   */
  void fill(long first, float bound, float[] out) {
    long state = start + (first >>> 1) * GAMMA;
    float scale = bound * UNIT;
    int i = 0;
    for (; i + 1 < out.length; i += 2) {
      state += GAMMA;
      long bits = mix(state);
      out[i] = (int) bits * scale;
      out[i + 1] = (int) (bits >>> 32) * scale;
    }
    if (i < out.length) {
      out[i] = (int) mix(state + GAMMA) * scale;
    }
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
