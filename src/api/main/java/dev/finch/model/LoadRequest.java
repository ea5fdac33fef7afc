package dev.finch.model;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which model is to serve, and what its user agrees to. Immutable. */
public final class LoadRequest {

  private final ModelReference model;
  private final Set<String> acceptedLicenses;

  private LoadRequest(Builder builder) {
    this.model = builder.model;
    this.acceptedLicenses = Set.copyOf(builder.acceptedLicenses);
  }

  /** This model, with no licence accepted. */
  public static LoadRequest of(ModelReference model) {
    return builder(model).build();
  }

  /** A builder of a request for this model. */
  public static Builder builder(ModelReference model) {
    return new Builder(model);
  }

  /** The model that is wanted. */
  public ModelReference model() {
    return model;
  }

  /** The licences that are accepted beside those of the configuration, by their identifiers. */
  public Set<String> acceptedLicenses() {
    return acceptedLicenses;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LoadRequest that
        && model.equals(that.model)
        && acceptedLicenses.equals(that.acceptedLicenses);
  }

  @Override
  public int hashCode() {
    return 31 * model.hashCode() + acceptedLicenses.hashCode();
  }

  @Override
  public String toString() {
    return "LoadRequest[model=" + model + ", acceptedLicenses=" + acceptedLicenses + "]";
  }

  /** Collects what differs from the defaults. Not thread-safe. */
  public static final class Builder {
    private final ModelReference model;
    private final Set<String> acceptedLicenses = new LinkedHashSet<>();

    private Builder(ModelReference model) {
      this.model = requireNonNull(model, "model");
    }

    /**
     * Accepts a licence that is not a free one, from now until the runtime ends, so that the model
     * can come back by itself. Whoever wants it remembered sets {@code finch.licenses.accept}. A
     * runtime in another process takes no licence from here: its operator accepts them.
     *
     * @param license its identifier, for example {@code qwen-research}; {@link License#id()}
     */
    public Builder acceptLicense(String license) {
      acceptedLicenses.add(requireNonNull(license, "license"));
      return this;
    }

    /** The request. */
    public LoadRequest build() {
      return new LoadRequest(this);
    }
  }
}
