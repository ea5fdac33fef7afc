package dev.finch.inference;

/**
 * Tokens of one answer, as the provider counted them.
 *
 * @param promptTokens tokens of the rendered prompt, the cached ones included
 * @param cachedTokens tokens of the prompt that did not have to be processed again
 * @param completionTokens tokens generated, reasoning included
 * @param reasoningTokens tokens of the completion that were reasoning
 * @param cacheWriteTokens prompt tokens that Claude wrote to its prompt cache; 0 for local answers
 * @param longCacheWriteTokens those of them that it keeps for an hour, which cost more
 */
public record TokenUsage(
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long reasoningTokens,
    long cacheWriteTokens,
    long longCacheWriteTokens) {

  /** With nothing in the cache of an hour. */
  public TokenUsage(
      long promptTokens,
      long cachedTokens,
      long completionTokens,
      long reasoningTokens,
      long cacheWriteTokens) {
    this(promptTokens, cachedTokens, completionTokens, reasoningTokens, cacheWriteTokens, 0);
  }

  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0);

  /** Of a prompt and an answer, with nothing cached and no reasoning. */
  public static TokenUsage of(long promptTokens, long completionTokens) {
    return new TokenUsage(promptTokens, 0, completionTokens, 0, 0);
  }

  /** Both together; at the end of the range where the sum would pass it. */
  public long totalTokens() {
    long sum = promptTokens + completionTokens;
    return sum < 0 && promptTokens >= 0 && completionTokens >= 0 ? Long.MAX_VALUE : sum;
  }
}
