package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. A null field takes the model's or the configuration's default; a
 * provider that cannot honour a field says so rather than ignore it, except Claude: it is sent
 * temperature, {@code topP} and {@code topK} where the model is known to take them, and no others.
 * Immutable.
 */
public final class Sampling {

  /** The highest temperature; far below it all tokens are as likely as each other. */
  public static final double HOTTEST = 100;

  /** The largest presence and frequency penalty, either way. */
  public static final double MOST_PENALTY = 100;

  /** Every field left to the model and the configuration. */
  public static final Sampling DEFAULTS = builder().build();

  private final @Nullable Double temperature;
  private final @Nullable Integer topK;
  private final @Nullable Double topP;
  private final @Nullable Double minP;
  private final @Nullable Double typicalP;
  private final @Nullable Double repeatPenalty;
  private final @Nullable Double presencePenalty;
  private final @Nullable Double frequencyPenalty;
  private final @Nullable Integer penaltyLastN;
  private final @Nullable Long seed;
  private final @Nullable Integer maxTokens;
  private final List<String> stop;
  private final Map<Integer, Double> logitBias;
  private final @Nullable Integer logprobs;
  private final boolean deterministic;

  private Sampling(Builder builder) {
    this.temperature = builder.temperature;
    this.topK = builder.topK;
    this.topP = builder.topP;
    this.minP = builder.minP;
    this.typicalP = builder.typicalP;
    this.repeatPenalty = builder.repeatPenalty;
    this.presencePenalty = builder.presencePenalty;
    this.frequencyPenalty = builder.frequencyPenalty;
    this.penaltyLastN = builder.penaltyLastN;
    this.seed = builder.seed;
    this.maxTokens = builder.maxTokens;
    this.stop = List.copyOf(builder.stop);
    this.logitBias = Map.copyOf(builder.logitBias);
    this.logprobs = builder.logprobs;
    this.deterministic = builder.deterministic;
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
    if (stop.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("stop: \"\" (expected: non-empty texts)");
    }
  }

  /** A builder with every default. */
  public static Builder builder() {
    return new Builder();
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

  /** 0 is greedy; range 0–100, of which OpenAI's and Anthropic's dialects allow 0–2. */
  public @Nullable Double temperature() {
    return temperature;
  }

  /** Keep the k likeliest tokens; 0 keeps all. */
  public @Nullable Integer topK() {
    return topK;
  }

  /** Nucleus sampling; range 0–1. */
  public @Nullable Double topP() {
    return topP;
  }

  /** Drop tokens less likely than this share of the likeliest; range 0–1. */
  public @Nullable Double minP() {
    return minP;
  }

  /** Locally typical sampling; range 0–1. */
  public @Nullable Double typicalP() {
    return typicalP;
  }

  /** 1 is none; range 0–10; applies to the last {@code penaltyLastN} tokens. */
  public @Nullable Double repeatPenalty() {
    return repeatPenalty;
  }

  /** Range -100–100, of which OpenAI's dialect allows -2–2. */
  public @Nullable Double presencePenalty() {
    return presencePenalty;
  }

  /** As {@code presencePenalty}, by how often a token has come. */
  public @Nullable Double frequencyPenalty() {
    return frequencyPenalty;
  }

  /** Window of the penalties in tokens; -1 is the whole context. */
  public @Nullable Integer penaltyLastN() {
    return penaltyLastN;
  }

  /**
   * Of the sampler; the same seed gives the same text for the same build, threads and batch shape.
   */
  public @Nullable Long seed() {
    return seed;
  }

  /** Upper bound of tokens to generate; at least 1. */
  public @Nullable Integer maxTokens() {
    return maxTokens;
  }

  /** Texts that end the answer; they are not part of it, and none may be empty. */
  public List<String> stop() {
    return stop;
  }

  /** Added to a token's logit, by token id. */
  public Map<Integer, Double> logitBias() {
    return logitBias;
  }

  /** How many alternatives to report with each token, at most 20; null reports none. */
  public @Nullable Integer logprobs() {
    return logprobs;
  }

  /** Run alone in the batch, so that other requests cannot change the rounding. */
  public boolean deterministic() {
    return deterministic;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Sampling that
        && Objects.equals(temperature, that.temperature)
        && Objects.equals(topK, that.topK)
        && Objects.equals(topP, that.topP)
        && Objects.equals(minP, that.minP)
        && Objects.equals(typicalP, that.typicalP)
        && Objects.equals(repeatPenalty, that.repeatPenalty)
        && Objects.equals(presencePenalty, that.presencePenalty)
        && Objects.equals(frequencyPenalty, that.frequencyPenalty)
        && Objects.equals(penaltyLastN, that.penaltyLastN)
        && Objects.equals(seed, that.seed)
        && Objects.equals(maxTokens, that.maxTokens)
        && stop.equals(that.stop)
        && logitBias.equals(that.logitBias)
        && Objects.equals(logprobs, that.logprobs)
        && deterministic == that.deterministic;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
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

  @Override
  public String toString() {
    return "Sampling[temperature="
        + temperature
        + ", topK="
        + topK
        + ", topP="
        + topP
        + ", minP="
        + minP
        + ", typicalP="
        + typicalP
        + ", repeatPenalty="
        + repeatPenalty
        + ", presencePenalty="
        + presencePenalty
        + ", frequencyPenalty="
        + frequencyPenalty
        + ", penaltyLastN="
        + penaltyLastN
        + ", seed="
        + seed
        + ", maxTokens="
        + maxTokens
        + ", stop="
        + stop
        + ", logitBias="
        + logitBias
        + ", logprobs="
        + logprobs
        + ", deterministic="
        + deterministic
        + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
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

    /**
     * 0 is greedy; range 0–100, of which OpenAI's and Anthropic's dialects allow 0–2. The default
     * is null.
     */
    public Builder temperature(@Nullable Double temperature) {
      this.temperature = temperature;
      return this;
    }

    /** Keep the k likeliest tokens; 0 keeps all. The default is null. */
    public Builder topK(@Nullable Integer topK) {
      this.topK = topK;
      return this;
    }

    /** Nucleus sampling; range 0–1. The default is null. */
    public Builder topP(@Nullable Double topP) {
      this.topP = topP;
      return this;
    }

    /** Drop tokens less likely than this share of the likeliest; range 0–1. The default is null. */
    public Builder minP(@Nullable Double minP) {
      this.minP = minP;
      return this;
    }

    /** Locally typical sampling; range 0–1. The default is null. */
    public Builder typicalP(@Nullable Double typicalP) {
      this.typicalP = typicalP;
      return this;
    }

    /**
     * 1 is none; range 0–10; applies to the last {@code penaltyLastN} tokens. The default is null.
     */
    public Builder repeatPenalty(@Nullable Double repeatPenalty) {
      this.repeatPenalty = repeatPenalty;
      return this;
    }

    /** Range -100–100, of which OpenAI's dialect allows -2–2. The default is null. */
    public Builder presencePenalty(@Nullable Double presencePenalty) {
      this.presencePenalty = presencePenalty;
      return this;
    }

    /** As {@code presencePenalty}, by how often a token has come. The default is null. */
    public Builder frequencyPenalty(@Nullable Double frequencyPenalty) {
      this.frequencyPenalty = frequencyPenalty;
      return this;
    }

    /** Window of the penalties in tokens; -1 is the whole context. The default is null. */
    public Builder penaltyLastN(@Nullable Integer penaltyLastN) {
      this.penaltyLastN = penaltyLastN;
      return this;
    }

    /**
     * Of the sampler; the same seed gives the same text for the same build, threads and batch
     * shape. The default is null.
     */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** Upper bound of tokens to generate; at least 1. The default is null. */
    public Builder maxTokens(@Nullable Integer maxTokens) {
      this.maxTokens = maxTokens;
      return this;
    }

    /** Texts that end the answer; they are not part of it, and none may be empty. */
    public Builder stop(List<String> stop) {
      this.stop = List.copyOf(requireNonNull(stop, "stop"));
      return this;
    }

    /** Added to a token's logit, by token id. */
    public Builder logitBias(Map<Integer, Double> logitBias) {
      this.logitBias = Map.copyOf(requireNonNull(logitBias, "logitBias"));
      return this;
    }

    /** How many alternatives to report with each token, at most 20; null reports none. */
    public Builder logprobs(@Nullable Integer logprobs) {
      this.logprobs = logprobs;
      return this;
    }

    /** Run alone in the batch, so that other requests cannot change the rounding. */
    public Builder deterministic(boolean deterministic) {
      this.deterministic = deterministic;
      return this;
    }

    /**
     * The values.
     *
     * @throws IllegalArgumentException where a value is out of range; the message names the field
     */
    public Sampling build() {
      return new Sampling(this);
    }
  }
}
