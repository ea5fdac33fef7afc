package dev.finch.claude;

import dev.finch.model.Bytes;

/**
 * How much one answer may bring before it is no answer. What Claude may say is bounded by the
 * tokens that it was asked for; whoever answers in its place may say anything.
 *
 * @param lineBytes longest line of the stream
 * @param streamBytes of the whole stream, decoded
 * @param maxTokens that were asked for
 */
record AnswerBounds(int lineBytes, long streamBytes, int maxTokens) {

  /** No token of a vocabulary is longer; the longest known ones are runs of a hundred blanks. */
  static final int LONGEST_TOKEN = 1024;

  private static final int FEW_BLOCKS = 64;

  /** Most bytes of what is said. */
  long contentBytes() {
    return Math.min(streamBytes, (long) maxTokens * LONGEST_TOKEN);
  }

  /** Most blocks, each of which holds at least a token. */
  long blocks() {
    return (long) maxTokens + FEW_BLOCKS;
  }

  String tooLong() {
    return "Claude's answer does not end: its stream is longer than "
        + Bytes.format(streamBytes)
        + " (finch.cloud.limits.answer).";
  }

  String tooMuch() {
    return "Claude's answer does not end: it holds more than the "
        + maxTokens
        + " tokens that were asked for can.";
  }
}
