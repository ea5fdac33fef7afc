package dev.finch.inference;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Who answers, with which model, and why.
 *
 * @param provider who answers
 * @param model the model's name for people and programs
 * @param reason why this provider was chosen
 * @param demonstration whether the model is the built-in or a random one, not to be mistaken for
 *     useful
 * @param node the machine of ours that answered, where it is another than the one that was asked
 */
public record Provenance(
    Provider provider,
    String model,
    RouteReason reason,
    boolean demonstration,
    Optional<String> node) {

  /** The kinds of provider. */
  public enum Provider {
    /** A model on this machine. */
    LOCAL,
    /** Claude. */
    CLAUDE,
    /** A model on another machine of ours. */
    PEER
  }

  public Provenance {
    requireNonNull(provider, "provider");
    requireNonNull(model, "model");
    requireNonNull(reason, "reason");
    requireNonNull(node, "node");
  }

  /** Of this machine, or of nobody's machine. */
  public Provenance(Provider provider, String model, RouteReason reason, boolean demonstration) {
    this(provider, model, reason, demonstration, Optional.empty());
  }

  /** A local model answers. */
  public static Provenance local(String model, RouteReason reason, boolean demonstration) {
    return new Provenance(Provider.LOCAL, model, reason, demonstration);
  }

  /** Claude answers. */
  public static Provenance claude(String model, RouteReason reason) {
    return new Provenance(Provider.CLAUDE, model, reason, false);
  }
}
