package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A token with its log probability and the likeliest alternatives.
 *
 * @param token its text; bytes of an incomplete code point are shown as U+FFFD
 * @param tokenId its id in the model's vocabulary
 * @param logprob natural logarithm of its probability
 * @param alternatives the likeliest tokens at its place, likeliest first
 */
public record TokenLogprob(
    String token, int tokenId, double logprob, List<Alternative> alternatives) {

  /** A token that could have stood at the same place. */
  public record Alternative(String token, int tokenId, double logprob) {}

  public TokenLogprob {
    requireNonNull(token, "token");
    alternatives = List.copyOf(alternatives);
  }
}
