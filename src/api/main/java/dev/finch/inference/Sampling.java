package dev.finch.inference;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. A null field takes the model's or the configuration's default; a
 * provider that cannot honour a field says so rather than ignore it, except Claude, to whom no
 * sampling parameter is ever sent.
 *
 * @param temperature 0 is greedy; range 0–100, of which OpenAI's and Anthropic's dialects allow 0–2
 * @param topK keep the k likeliest tokens; 0 keeps all
 * @param topP nucleus sampling; range 0–1
 * @param minP drop tokens less likely than this share of the likeliest; range 0–1
 * @param typicalP locally typical sampling; range 0–1
 * @param repeatPenalty 1 is none; applies to the last {@code penaltyLastN} tokens
 * @param presencePenalty range -100–100, of which OpenAI's dialect allows -2–2
 * @param frequencyPenalty as presencePenalty
 * @param penaltyLastN window of the penalties in tokens; -1 is the whole context
 * @param seed of the sampler; the same seed gives the same text for the same build, threads and
 *     batch shape
 * @param maxTokens upper bound of tokens to generate; at least 1
 * @param stop texts that end the answer; they are not part of it
 * @param logitBias added to a token's logit, by token id
 * @param logprobs how many alternatives to report with each token; null reports none
 * @param deterministic run alone in the batch, so that other requests cannot change the rounding
 */
public record Sampling(
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable Double minP,
    @Nullable Double typicalP,
    @Nullable Double repeatPenalty,
    @Nullable Double presencePenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Integer penaltyLastN,
    @Nullable Long seed,
    @Nullable Integer maxTokens,
    List<String> stop,
    Map<Integer, Double> logitBias,
    @Nullable Integer logprobs,
    boolean deterministic) {

  /** The highest temperature; far below it all tokens are as likely as each other. */
  public static final double HOTTEST = 100;

  /** The largest presence and frequency penalty, either way. */
  public static final double MOST_PENALTY = 100;

  public static final Sampling DEFAULTS = builder().build();

  public Sampling {
    range("temperature", temperature, 0, HOTTEST);
    range("top_k", topK, 0, Integer.MAX_VALUE);
    range("top_p", topP, 0, 1);
    range("min_p", minP, 0, 1);
    range("typical_p", typicalP, 0, 1);
    range("repeat_penalty", repeatPenalty, 0, 10);
    range("presence_penalty", presencePenalty, -MOST_PENALTY, MOST_PENALTY);
    range("frequency_penalty", frequencyPenalty, -MOST_PENALTY, MOST_PENALTY);
    range("penalty_last_n", penaltyLastN, -1, Integer.MAX_VALUE);
    range("max_tokens", maxTokens, 1, Integer.MAX_VALUE);
    range("logprobs", logprobs, 0, 20);
    stop = List.copyOf(stop);
    if (stop.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("stop: \"\" (expected: non-empty texts)");
    }
    logitBias = Map.copyOf(logitBias);
  }

  private static void range(String name, @Nullable Number value, double low, double high) {
    if (value == null) {
      return;
    }
    double number = value.doubleValue();
    if (!(number >= low && number <= high)) {
      String bound = high == Integer.MAX_VALUE ? ">= " + (long) low : low + " to " + high;
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + bound + ")");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.temperature = temperature;
    builder.topK = topK;
    builder.topP = topP;
    builder.minP = minP;
    builder.typicalP = typicalP;
    builder.repeatPenalty = repeatPenalty;
    builder.presencePenalty = presencePenalty;
    builder.frequencyPenalty = frequencyPenalty;
    builder.penaltyLastN = penaltyLastN;
    builder.seed = seed;
    builder.maxTokens = maxTokens;
    builder.stop = stop;
    builder.logitBias = logitBias;
    builder.logprobs = logprobs;
    builder.deterministic = deterministic;
    return builder;
  }

  /** Collects the fields that differ from the defaults. */
  public static final class Builder {
    private @Nullable Double temperature;
    private @Nullable Integer topK;
    private @Nullable Double topP;
    private @Nullable Double minP;
    private @Nullable Double typicalP;
    private @Nullable Double repeatPenalty;
    private @Nullable Double presencePenalty;
    private @Nullable Double frequencyPenalty;
    private @Nullable Integer penaltyLastN;
    private @Nullable Long seed;
    private @Nullable Integer maxTokens;
    private List<String> stop = List.of();
    private Map<Integer, Double> logitBias = Map.of();
    private @Nullable Integer logprobs;
    private boolean deterministic;

    private Builder() {}

    public Builder temperature(@Nullable Double temperature) {
      this.temperature = temperature;
      return this;
    }

    public Builder topK(@Nullable Integer topK) {
      this.topK = topK;
      return this;
    }

    public Builder topP(@Nullable Double topP) {
      this.topP = topP;
      return this;
    }

    public Builder minP(@Nullable Double minP) {
      this.minP = minP;
      return this;
    }

    public Builder typicalP(@Nullable Double typicalP) {
      this.typicalP = typicalP;
      return this;
    }

    public Builder repeatPenalty(@Nullable Double repeatPenalty) {
      this.repeatPenalty = repeatPenalty;
      return this;
    }

    public Builder presencePenalty(@Nullable Double presencePenalty) {
      this.presencePenalty = presencePenalty;
      return this;
    }

    public Builder frequencyPenalty(@Nullable Double frequencyPenalty) {
      this.frequencyPenalty = frequencyPenalty;
      return this;
    }

    public Builder penaltyLastN(@Nullable Integer penaltyLastN) {
      this.penaltyLastN = penaltyLastN;
      return this;
    }

    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    public Builder maxTokens(@Nullable Integer maxTokens) {
      this.maxTokens = maxTokens;
      return this;
    }

    public Builder stop(List<String> stop) {
      this.stop = stop;
      return this;
    }

    public Builder logitBias(Map<Integer, Double> logitBias) {
      this.logitBias = logitBias;
      return this;
    }

    public Builder logprobs(@Nullable Integer logprobs) {
      this.logprobs = logprobs;
      return this;
    }

    public Builder deterministic(boolean deterministic) {
      this.deterministic = deterministic;
      return this;
    }

    /**
     * @throws IllegalArgumentException where a value is out of range; the message names the field
     */
    public Sampling build() {
      return new Sampling(
          temperature,
          topK,
          topP,
          minP,
          typicalP,
          repeatPenalty,
          presencePenalty,
          frequencyPenalty,
          penaltyLastN,
          seed,
          maxTokens,
          stop,
          logitBias,
          logprobs,
          deterministic);
    }
  }
}
