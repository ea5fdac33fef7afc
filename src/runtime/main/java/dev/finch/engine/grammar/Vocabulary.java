package dev.finch.engine.grammar;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The texts of a model's tokens in order, so that those that begin alike are looked at together.
 * Immutable and thread-safe.
 */
public final class Vocabulary {

  private final byte[][] texts;
  private final int[] order;

  /** How many bytes a text shares with the one before it in order. */
  private final int[] shared;

  /**
   * @param text the bytes of a token's text, control tokens included
   */
  public Vocabulary(int size, IntFunction<byte[]> text) {
    texts = IntStream.range(0, size).mapToObj(text).toArray(byte[][]::new);
    order = ordered();
    shared = new int[size];
    for (int i = 1; i < size; i++) {
      int differs = Arrays.mismatch(texts[order[i - 1]], texts[order[i]]);
      shared[i] = differs < 0 ? texts[order[i]].length : differs;
    }
  }

  /**
   * By the first five bytes, which numbers are sorted for without a comparison of texts, then each
   * group that has them in common by itself.
   */
  private int[] ordered() {
    long[] keys = new long[texts.length];
    for (int token = 0; token < keys.length; token++) {
      keys[token] = prefix(texts[token]) << 24 | token;
    }
    Arrays.sort(keys);
    Integer[] sorted =
        Arrays.stream(keys).mapToObj(key -> (int) (key & 0xFFFFFF)).toArray(Integer[]::new);
    int from = 0;
    for (int i = 1; i <= keys.length; i++) {
      if (i == keys.length || keys[i] >>> 24 != keys[from] >>> 24) {
        Arrays.sort(sorted, from, i, (a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
        from = i;
      }
    }
    return Arrays.stream(sorted).mapToInt(Integer::intValue).toArray();
  }

  private static long prefix(byte[] text) {
    long prefix = 0;
    for (int i = 0; i < 5; i++) {
      prefix = prefix << 8 | (i < text.length ? text[i] & 0xFF : 0);
    }
    // Without its lowest bit it leaves the key positive; the group is a little larger.
    return prefix >>> 1;
  }

  int size() {
    return order.length;
  }

  /** The token at a place of the order. */
  int token(int place) {
    return order[place];
  }

  int shared(int place) {
    return shared[place];
  }

  byte[] text(int token) {
    return texts[token];
  }
}
