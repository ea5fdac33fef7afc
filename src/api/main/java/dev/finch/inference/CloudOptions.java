package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is for Claude; the local model keeps {@code parallelToolCalls}, and {@code
 * thinking} and {@code effort} where its template knows them, and passes over the rest. A null
 * field is left to whoever answers. Immutable.
 */
public final class CloudOptions {

  /** Nothing that differs from what Claude does by itself. */
  public static final CloudOptions NONE = builder().build();

  private final @Nullable String thinking;
  private final @Nullable String effort;
  private final @Nullable Boolean parallelToolCalls;
  private final @Nullable String metadata;
  private final List<String> betas;
  private final @Nullable String fields;

  private CloudOptions(Builder builder) {
    this.thinking = builder.thinking;
    this.effort = builder.effort;
    this.parallelToolCalls = builder.parallelToolCalls;
    this.metadata = builder.metadata;
    this.betas = List.copyOf(builder.betas);
    this.fields = builder.fields;
  }

  /** A builder with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.thinking = thinking;
    builder.effort = effort;
    builder.parallelToolCalls = parallelToolCalls;
    builder.metadata = metadata;
    builder.betas = betas;
    builder.fields = fields;
    return builder;
  }

  /** The Messages API's {@code thinking} as a JSON object. */
  public @Nullable String thinking() {
    return thinking;
  }

  /**
   * How much Claude may do for the answer: {@code low}, {@code medium}, {@code high}, {@code xhigh}
   * or {@code max}.
   */
  public @Nullable String effort() {
    return effort;
  }

  /**
   * Whether several tools may be called at once; where not, an answer is over with its first call.
   */
  public @Nullable Boolean parallelToolCalls() {
    return parallelToolCalls;
  }

  /** The Messages API's {@code metadata} as a JSON object. */
  public @Nullable String metadata() {
    return metadata;
  }

  /** What goes into the header {@code anthropic-beta}. */
  public List<String> betas() {
    return betas;
  }

  /**
   * Others of the Messages API's body as a JSON object; only {@code cache_control}, {@code
   * context_management}, {@code service_tier} and {@code inference_geo} are sent.
   */
  public @Nullable String fields() {
    return fields;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CloudOptions that
        && Objects.equals(thinking, that.thinking)
        && Objects.equals(effort, that.effort)
        && Objects.equals(parallelToolCalls, that.parallelToolCalls)
        && Objects.equals(metadata, that.metadata)
        && betas.equals(that.betas)
        && Objects.equals(fields, that.fields);
  }

  @Override
  public int hashCode() {
    return Objects.hash(thinking, effort, parallelToolCalls, metadata, betas, fields);
  }

  @Override
  public String toString() {
    return "CloudOptions[thinking="
        + thinking
        + ", effort="
        + effort
        + ", parallelToolCalls="
        + parallelToolCalls
        + ", metadata="
        + metadata
        + ", betas="
        + betas
        + ", fields="
        + fields
        + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private @Nullable String thinking;
    private @Nullable String effort;
    private @Nullable Boolean parallelToolCalls;
    private @Nullable String metadata;
    private List<String> betas = List.of();
    private @Nullable String fields;

    private Builder() {}

    /** The Messages API's {@code thinking} as a JSON object. The default is null. */
    public Builder thinking(@Nullable String thinking) {
      this.thinking = thinking;
      return this;
    }

    /**
     * How much Claude may do for the answer: {@code low}, {@code medium}, {@code high}, {@code
     * xhigh} or {@code max}. The default is null.
     */
    public Builder effort(@Nullable String effort) {
      this.effort = effort;
      return this;
    }

    /**
     * Whether several tools may be called at once; where not, an answer is over with its first
     * call. The default is null.
     */
    public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
      this.parallelToolCalls = parallelToolCalls;
      return this;
    }

    /** The Messages API's {@code metadata} as a JSON object. The default is null. */
    public Builder metadata(@Nullable String metadata) {
      this.metadata = metadata;
      return this;
    }

    /** What goes into the header {@code anthropic-beta}. */
    public Builder betas(List<String> betas) {
      this.betas = List.copyOf(requireNonNull(betas, "betas"));
      return this;
    }

    /**
     * Others of the Messages API's body as a JSON object; only {@code cache_control}, {@code
     * context_management}, {@code service_tier} and {@code inference_geo} are sent. The default is
     * null.
     */
    public Builder fields(@Nullable String fields) {
      this.fields = fields;
      return this;
    }

    /** The value. */
    public CloudOptions build() {
      return new CloudOptions(this);
    }
  }
}
