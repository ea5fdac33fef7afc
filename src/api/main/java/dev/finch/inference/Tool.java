package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tool that the model may ask for. Immutable. */
public final class Tool {

  private final String name;
  private final @Nullable String description;
  private final String parameters;
  private final @Nullable Boolean strict;
  private final @Nullable String cacheControl;

  private Tool(Builder builder) {
    this.name = builder.name;
    this.description = builder.description;
    this.parameters = builder.parameters;
    this.strict = builder.strict;
    this.cacheControl = builder.cacheControl;
  }

  /** A builder of a tool with this name and this JSON schema of its arguments. */
  public static Builder builder(String name, String parameters) {
    return new Builder(name, parameters);
  }

  /** A tool of this name, with a description for the model and a JSON schema of its arguments. */
  public static Tool of(String name, @Nullable String description, String parameters) {
    return builder(name, parameters).description(description).build();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder builder = new Builder(name, parameters);
    builder.description = description;
    builder.strict = strict;
    builder.cacheControl = cacheControl;
    return builder;
  }

  /** The function's name. */
  public String name() {
    return name;
  }

  /** What it does, for the model, or null. */
  public @Nullable String description() {
    return description;
  }

  /** A JSON schema of its arguments object, as text. */
  public String parameters() {
    return parameters;
  }

  /**
   * Whether arguments must validate, or null where that was not said; local answers always keep
   * what can be kept.
   */
  public @Nullable Boolean strict() {
    return strict;
  }

  /**
   * The Messages API's {@code cache_control} as a JSON object, where Claude may keep the prompt up
   * to this tool, else null.
   */
  public @Nullable String cacheControl() {
    return cacheControl;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tool that
        && name.equals(that.name)
        && Objects.equals(description, that.description)
        && parameters.equals(that.parameters)
        && Objects.equals(strict, that.strict)
        && Objects.equals(cacheControl, that.cacheControl);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, description, parameters, strict, cacheControl);
  }

  @Override
  public String toString() {
    return "Tool[name="
        + name
        + ", description="
        + description
        + ", parameters="
        + parameters
        + ", strict="
        + strict
        + ", cacheControl="
        + cacheControl
        + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private String name;
    private @Nullable String description;
    private String parameters;
    private @Nullable Boolean strict;
    private @Nullable String cacheControl;

    private Builder(String name, String parameters) {
      this.name = requireNonNull(name, "name");
      this.parameters = requireNonNull(parameters, "parameters");
    }

    /** The function's name. */
    public Builder name(String name) {
      this.name = requireNonNull(name, "name");
      return this;
    }

    /** What it does, for the model, or null. */
    public Builder description(@Nullable String description) {
      this.description = description;
      return this;
    }

    /** A JSON schema of its arguments object, as text. */
    public Builder parameters(String parameters) {
      this.parameters = requireNonNull(parameters, "parameters");
      return this;
    }

    /**
     * Whether arguments must validate, or null where that was not said; local answers always keep
     * what can be kept.
     */
    public Builder strict(@Nullable Boolean strict) {
      this.strict = strict;
      return this;
    }

    /**
     * The Messages API's {@code cache_control} as a JSON object, where Claude may keep the prompt
     * up to this tool, else null.
     */
    public Builder cacheControl(@Nullable String cacheControl) {
      this.cacheControl = cacheControl;
      return this;
    }

    /** The value. */
    public Tool build() {
      return new Tool(this);
    }
  }
}
