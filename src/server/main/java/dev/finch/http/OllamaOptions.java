package dev.finch.http;

import dev.finch.inference.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * Ollama's {@code options}, with the ranges that Ollama gives them: what lies beyond a range is the
 * range's end, and what is not positive where it must be is none (ollama/ollama, sample/samplers.go
 * and docs/modelfile.md).
 */
final class OllamaOptions {

  private OllamaOptions() {}

  static Sampling sampling(Body body) {
    Integer logprobs = OpenAiPrompt.logprobs(body);
    Body options = body.object("options");
    if (options == null) {
      return logprobs == null
          ? Sampling.DEFAULTS
          : OpenAiPrompt.built(Sampling.builder().logprobs(logprobs));
    }
    return OpenAiPrompt.built(
        Sampling.builder()
            .logprobs(logprobs)
            .temperature(within(options.number("temperature"), 0, Sampling.HOTTEST))
            .topK(atLeastNone(options.integer("top_k")))
            .topP(within(options.number("top_p"), 0, 1))
            .minP(within(options.number("min_p"), 0, 1))
            .typicalP(within(options.number("typical_p"), 0, 1))
            .repeatPenalty(within(options.number("repeat_penalty"), 0, 10))
            .penaltyLastN(options.integer("repeat_last_n"))
            .presencePenalty(penalty(options, "presence_penalty"))
            .frequencyPenalty(penalty(options, "frequency_penalty"))
            .seed(options.longInteger("seed"))
            .maxTokens(bound(options.integer("num_predict")))
            .stop(OpenAiPrompt.stops(options, "stop")));
  }

  private static @Nullable Double penalty(Body options, String name) {
    return within(options.number(name), -Sampling.MOST_PENALTY, Sampling.MOST_PENALTY);
  }

  private static @Nullable Double within(@Nullable Double value, double low, double high) {
    return value == null ? null : Double.valueOf(Math.clamp(value, low, high));
  }

  /** No candidate is left out where the number is not positive. */
  private static @Nullable Integer atLeastNone(@Nullable Integer count) {
    return count == null ? null : Integer.valueOf(Math.max(0, count));
  }

  /** -1 is without end, -2 until the context is full; and 0 bounds nothing in Ollama either. */
  private static @Nullable Integer bound(@Nullable Integer tokens) {
    return tokens == null || tokens <= 0 ? null : tokens;
  }
}
