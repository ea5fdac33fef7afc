package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * What an answer cost, in millionths of a US dollar.
 *
 * @param microDollars 0 for a local answer, empty where the model's price is not known
 * @param estimated whether the provider's own count was missing, so that a bound was taken
 */
public record Cost(OptionalLong microDollars, boolean estimated) {

  /** A local answer's. */
  public static final Cost FREE = of(0, false);

  /** That of a model whose price is not known. */
  public static final Cost UNKNOWN = new Cost(OptionalLong.empty(), false);

  public Cost {
    requireNonNull(microDollars, "microDollars");
  }

  /** A known one, in millionths of a US dollar. */
  public static Cost of(long microDollars, boolean estimated) {
    return new Cost(OptionalLong.of(microDollars), estimated);
  }

  /** Whether the model's price is known. */
  public boolean known() {
    return microDollars.isPresent();
  }
}
