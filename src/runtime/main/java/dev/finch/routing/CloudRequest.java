package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** One request to the cloud, from its quotation to its last line in the ledger. Not thread-safe. */
final class CloudRequest {

  private final String entry = UUID.randomUUID().toString();
  private final Inference.Quoted quoted;
  private boolean sent;
  private Inference.@Nullable Egress egress;

  CloudRequest(Inference.Quoted quoted) {
    this.quoted = quoted;
  }

  String entry() {
    return entry;
  }

  /** The model that is asked. */
  String model() {
    return quoted.model();
  }

  /** The question whether it may go. */
  Bookkeeper.Open question(
      GenerateRequest request, Attempt attempt, ActorRef<Bookkeeper.Booking> replyTo) {
    return new Bookkeeper.Open(
        entry,
        request.id(),
        request.conversationId(),
        model(),
        attempt.reason().name(),
        UsageBound.of(quoted),
        replyTo);
  }

  /** It may, and is let go. */
  void onSent() {
    sent = true;
  }

  void onEgress(Inference.Egress said) {
    egress = said;
  }

  /** Whether the provider has yet to say what went over the network. */
  boolean awaitsEgress() {
    return sent && egress == null;
  }

  /** What the answer cost, by the model that gave it. */
  Cost cost(AnswerEvent.Finished finished, Prices prices) {
    String answeredBy = egress == null ? model() : egress.model();
    Cost cost = prices.cost(answeredBy, model(), finished.usage());
    return finished.cost().estimated() ? new Cost(cost.microDollars(), true) : cost;
  }

  Bookkeeper.Close finished(AnswerEvent.Finished finished) {
    return new Bookkeeper.Close(
        entry,
        new Consumption(
            sent,
            egress,
            finished.cost().estimated() ? null : finished.usage(),
            UsageBound.of(quoted),
            finished.reason().name()));
  }

  /** It ended badly, or early, or never went. */
  Bookkeeper.Close failed(Failure failure) {
    return new Bookkeeper.Close(
        entry, new Consumption(sent, egress, null, UsageBound.of(quoted), failure.code().name()));
  }
}
