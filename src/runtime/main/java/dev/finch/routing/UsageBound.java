package dev.finch.routing;

import dev.finch.provider.Inference;

/**
 * The most that one request to Claude can use.
 *
 * @param bytes of the request
 * @param promptTokens never less than what will be counted
 * @param completionTokens the bound that goes with the request
 * @param cachesLong whether the prompt may be written to the cache that costs more
 */
record UsageBound(long bytes, long promptTokens, long completionTokens, boolean cachesLong) {

  static UsageBound of(Inference.Quoted quoted) {
    return new UsageBound(
        quoted.bytes(),
        quoted.mostPromptTokens(),
        quoted.mostCompletionTokens(),
        quoted.cachesLong());
  }

  long tokens() {
    return promptTokens + completionTokens;
  }
}
