package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.RouteReason;
import dev.finch.provider.Inference;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What one prompt costs: the requests that it sends to the cloud, one after another, each written
 * down before it goes; or what it saves by staying here. Not thread-safe.
 */
final class Account {

  private final GenerateRequest request;
  private final Prices prices;
  private final ActorRef<Bookkeeper.Command> books;
  private final ActorRef<Bookkeeper.Booking> booked;
  private @Nullable CloudRequest cloudRequest;

  /**
   * @param booked gets the answer whether a request may go
   */
  Account(
      GenerateRequest request,
      ExchangeContext exchangeContext,
      ActorRef<Bookkeeper.Booking> booked) {
    this.request = request;
    this.prices = exchangeContext.settings().prices();
    this.books = exchangeContext.books();
    this.booked = booked;
  }

  /** A provider would send this; the request before it, if there was one, came to nothing. */
  void quoted(Attempt attempt, Inference.Quoted quoted) {
    Failure before = quoted.after();
    if (before != null) {
      failed(before);
    }
    cloudRequest = new CloudRequest(quoted);
    books.tell(cloudRequest.question(request, attempt, booked));
  }

  /** Whether the answer is to the question that was asked last. */
  boolean isAbout(Bookkeeper.Booking booking) {
    return cloudRequest != null && cloudRequest.entry().equals(booking.entry());
  }

  /** The request may go, and is let go. */
  void granted() {
    if (cloudRequest != null) {
      cloudRequest.onSent();
    }
  }

  /** The request may not go: nothing was written. */
  void refused() {
    cloudRequest = null;
  }

  /** What went over the network. */
  void egress(Inference.Egress egress) {
    if (cloudRequest != null) {
      cloudRequest.onEgress(egress);
    }
  }

  /** Whether a request was let go of which nobody has said what became of it. */
  boolean isOpen() {
    return cloudRequest != null && cloudRequest.awaitsEgress();
  }

  /** The answer is complete; gives what it cost. */
  Cost finished(Attempt attempt, AnswerEvent.Finished finished) {
    if (cloudRequest == null) {
      noteSavings(attempt, finished);
      return Cost.FREE;
    }
    Cost cost = cloudRequest.cost(finished, prices);
    books.tell(cloudRequest.finished(finished));
    cloudRequest = null;
    return cost;
  }

  /** What was sent, if anything was, came to nothing, or ended early. */
  void failed(Failure failure) {
    if (cloudRequest != null) {
      books.tell(cloudRequest.failed(failure));
      cloudRequest = null;
    }
  }

  private void noteSavings(Attempt attempt, AnswerEvent.Finished finished) {
    boolean useful = !attempt.demonstration() && attempt.reason() != RouteReason.SHADOW;
    Price price = useful && attempt.comparable() != null ? prices.of(attempt.comparable()) : null;
    if (price != null) {
      books.tell(
          new Bookkeeper.Saved(
              finished.usage().totalTokens(), price.of(finished.usage()).microDollars().orElse(0)));
    }
  }
}
