package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.provider.Inference;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One try at a prompt with one provider.
 *
 * @param name the provider's name for it
 * @param kind who the provider is
 * @param provider where it is reached
 * @param model who is expected to answer
 * @param reason why this provider was chosen
 * @param demonstration whether the answer is not meant to be useful
 * @param comparable the cloud's model whose price says what a local answer saves, or null
 */
record Attempt(
    String name,
    Provenance.Provider kind,
    ActorRef<Inference.Command> provider,
    String model,
    RouteReason reason,
    boolean demonstration,
    @Nullable String comparable) {

  Attempt {
    requireNonNull(name, "name");
  }

  static Attempt local(String name, Router.ToLocal verdict) {
    Router.LocalLeg leg = verdict.leg();
    return new Attempt(
        name,
        Provenance.Provider.LOCAL,
        leg.inference(),
        leg.info().name(),
        verdict.reason(),
        leg.info().demonstration(),
        verdict.comparable());
  }

  static Attempt claude(String name, Router.ToClaude verdict, GenerateRequest request) {
    String named = request.cloudModel();
    return new Attempt(
        name,
        Provenance.Provider.CLAUDE,
        verdict.leg().inference(),
        named != null ? named : verdict.leg().model(),
        verdict.reason(),
        false,
        null);
  }

  /** The same try, at the model that will really be asked. */
  Attempt at(String quotedModel) {
    return new Attempt(name, kind, provider, quotedModel, reason, demonstration, comparable);
  }

  /** Who answers, for a provider that did not say. */
  Provenance provenance() {
    return new Provenance(kind, model, reason, demonstration);
  }
}
