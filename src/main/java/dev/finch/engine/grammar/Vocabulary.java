package dev.finch.engine.grammar;

import java.util.Arrays;
import java.util.Comparator;
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
    order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparing((Integer token) -> texts[token], Arrays::compareUnsigned))
            .mapToInt(Integer::intValue)
            .toArray();
    shared = new int[size];
    for (int i = 1; i < size; i++) {
      int differs = Arrays.mismatch(texts[order[i - 1]], texts[order[i]]);
      shared[i] = differs < 0 ? texts[order[i]].length : differs;
    }
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
