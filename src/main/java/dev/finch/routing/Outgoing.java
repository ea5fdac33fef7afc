package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What one attempt at the cloud has to account for. Not thread-safe. */
final class Outgoing {

  private final String entry = UUID.randomUUID().toString();
  private final Bound bound;
  private boolean sent;
  private Inference.@Nullable Egress egress;

  Outgoing(GenerateRequest request, int configuredMaxTokens) {
    this.bound = Bound.of(request, configuredMaxTokens);
  }

  String entry() {
    return entry;
  }

  /** The question whether the attempt may be made. */
  Bookkeeper.Open question(
      GenerateRequest request, Attempt attempt, ActorRef<Bookkeeper.Booking> replyTo) {
    return new Bookkeeper.Open(
        entry,
        request.id(),
        request.conversationId(),
        attempt.model(),
        attempt.reason().name(),
        bound,
        replyTo);
  }

  void onSent() {
    sent = true;
  }

  void onEgress(Inference.Egress said) {
    egress = said;
  }

  /** The provider did not take it: nothing went out. */
  Bookkeeper.Close rejected(Failure failure) {
    return close(new Consumption(0, 0, null, true, bound, failure.code().name(), null));
  }

  Bookkeeper.Close finished(AnswerEvent.Finished finished) {
    return close(
        new Consumption(
            bytesOut(),
            bytesIn(),
            finished.usage(),
            false,
            bound,
            finished.reason().name(),
            upstream()));
  }

  /**
   * It ended badly, or early.
   *
   * @param answered whether any content came before
   */
  Bookkeeper.Close failed(Failure failure, boolean answered) {
    if (!sent) {
      return rejected(failure);
    }
    boolean free = !answered && Consumption.notCharged(failure.code());
    return close(
        new Consumption(
            bytesOut(), bytesIn(), null, free, bound, failure.code().name(), upstream()));
  }

  private Bookkeeper.Close close(Consumption consumption) {
    return new Bookkeeper.Close(entry, consumption);
  }

  private long bytesOut() {
    return egress == null ? -1 : egress.bytesOut();
  }

  private long bytesIn() {
    return egress == null ? 0 : egress.bytesIn();
  }

  private @Nullable String upstream() {
    return egress == null ? null : egress.upstreamRequestId();
  }
}
