package dev.finch.inference;

/**
 * What an answer cost, in millionths of a US dollar.
 *
 * @param microDollars 0 for a local answer
 * @param estimated whether the provider's own count was missing, so that a bound was taken
 * @param known whether the model's price is known; where not, {@code microDollars} is 0
 */
public record Cost(long microDollars, boolean estimated, boolean known) {

  public static final Cost FREE = new Cost(0, false, true);
  public static final Cost UNKNOWN = new Cost(0, false, false);
}
