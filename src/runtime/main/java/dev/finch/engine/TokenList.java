package dev.finch.engine;

import java.util.Arrays;

/** A list of tokens that grows at its end. */
final class TokenList {

  private int[] tokens = new int[64];
  private int size;

  int size() {
    return size;
  }

  void add(int token) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, size * 2);
    }
    tokens[size++] = token;
  }

  void truncate(int newSize) {
    size = newSize;
  }

  /** How many tokens this and the other have in common at their beginnings. */
  int commonPrefix(int[] other) {
    int mismatch = Arrays.mismatch(tokens, 0, size, other, 0, other.length);
    return mismatch < 0 ? size : mismatch;
  }

  /** Becomes equal to the other's first tokens. */
  void copyFrom(TokenList other, int count) {
    tokens = Arrays.copyOf(other.tokens, Math.max(count, 64));
    size = count;
  }

  /** Becomes equal to these tokens. */
  void set(int[] other) {
    tokens = Arrays.copyOf(other, Math.max(other.length, 64));
    size = other.length;
  }

  int[] toArray() {
    return Arrays.copyOf(tokens, size);
  }
}
