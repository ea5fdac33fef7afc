package dev.finch.inference;

import static java.util.Objects.requireNonNull;

/**
 * Who answers, with which model, and why.
 *
 * @param provider who answers
 * @param model the model's name for people and programs
 * @param reason why this provider was chosen
 * @param demonstration whether the model is the built-in or a random one, not to be mistaken for
 *     useful
 */
public record Provenance(
    Provider provider, String model, RouteReason reason, boolean demonstration) {

  /** The kinds of provider. */
  public enum Provider {
    LOCAL,
    CLAUDE,
    PEER
  }

  public Provenance {
    requireNonNull(provider, "provider");
    requireNonNull(model, "model");
    requireNonNull(reason, "reason");
  }

  public static Provenance local(String model, RouteReason reason, boolean demonstration) {
    return new Provenance(Provider.LOCAL, model, reason, demonstration);
  }

  public static Provenance claude(String model, RouteReason reason) {
    return new Provenance(Provider.CLAUDE, model, reason, false);
  }
}
