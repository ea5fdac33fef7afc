package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import dev.finch.model.ModelReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Texts to turn into vectors, which the local model alone does. Immutable. */
public final class EmbedRequest {

  private final List<String> inputs;
  private final @Nullable ModelReference model;

  private EmbedRequest(Builder builder) {
    this.inputs = List.copyOf(builder.inputs);
    this.model = builder.model;
  }

  /** A builder for these texts. */
  public static Builder builder(List<String> inputs) {
    return new Builder(inputs);
  }

  /** For the model that serves. */
  public static EmbedRequest of(List<String> inputs) {
    return builder(inputs).build();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder(inputs);
    builder.model = model;
    return builder;
  }

  /** The texts, in the order of their vectors; none may be longer than the model's context. */
  public List<String> inputs() {
    return inputs;
  }

  /**
   * The local model that must do it, or null for the one that serves: vectors of two models cannot
   * be compared, so another never stands in for one that was named.
   */
  public @Nullable ModelReference model() {
    return model;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EmbedRequest that
        && inputs.equals(that.inputs)
        && Objects.equals(model, that.model);
  }

  @Override
  public int hashCode() {
    return Objects.hash(inputs, model);
  }

  @Override
  public String toString() {
    return "EmbedRequest[inputs=" + inputs + ", model=" + model + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private List<String> inputs;
    private @Nullable ModelReference model;

    private Builder(List<String> inputs) {
      this.inputs = requireNonNull(inputs, "inputs");
    }

    /** The texts, in the order of their vectors; none may be longer than the model's context. */
    public Builder inputs(List<String> inputs) {
      this.inputs = List.copyOf(requireNonNull(inputs, "inputs"));
      return this;
    }

    /**
     * The local model that must do it, or null for the one that serves: vectors of two models
     * cannot be compared, so another never stands in for one that was named.
     */
    public Builder model(@Nullable ModelReference model) {
      this.model = model;
      return this;
    }

    /** The value. */
    public EmbedRequest build() {
      return new EmbedRequest(this);
    }
  }
}
