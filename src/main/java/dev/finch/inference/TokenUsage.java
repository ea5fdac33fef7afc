package dev.finch.inference;

/**
 * Tokens of one answer, as the provider counted them.
 *
 * @param promptTokens tokens of the rendered prompt, the cached ones included
 * @param cachedTokens tokens of the prompt that did not have to be processed again
 * @param completionTokens tokens generated, reasoning included
 * @param reasoningTokens tokens of the completion that were reasoning
 * @param cacheWriteTokens prompt tokens that Claude wrote to its prompt cache; 0 for local answers
 */
public record TokenUsage(
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long reasoningTokens,
    long cacheWriteTokens) {

  public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0);

  public static TokenUsage of(long promptTokens, long completionTokens) {
    return new TokenUsage(promptTokens, 0, completionTokens, 0, 0);
  }

  public long totalTokens() {
    return promptTokens + completionTokens;
  }
}
