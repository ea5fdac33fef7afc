package dev.finch.claude;

/**
 * How many tokens a text of Claude's took, where Claude could not say. A token of prose is some
 * four bytes, of code and other scripts about three, which is taken. To that comes a margin,
 * because Claude may have generated more than came through before it noticed that nobody listens: a
 * quarter, and {@value #MARGIN} tokens.
 */
final class EstimatedTokens {

  static final int BYTES_EACH = 3;
  static final int MARGIN = 64;

  private EstimatedTokens() {}

  /**
   * @param bytes of the text in UTF-8
   * @param factor by which more is to be expected; at least 1
   */
  static long of(long bytes, double factor) {
    return (long) Math.ceil(bytes * factor / BYTES_EACH * 1.25) + MARGIN;
  }
}
