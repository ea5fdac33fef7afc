package dev.finch.routing;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** How a prompt ends that does not end well. */
final class ExchangeFailures {

  /** Failures that say something about the request itself. */
  private static final Set<FailureCode> FINAL =
      EnumSet.of(FailureCode.BAD_REQUEST, FailureCode.CANCELLED, FailureCode.DEADLINE_EXCEEDED);

  private static final Failure CANCELLED =
      Failure.permanent(FailureCode.CANCELLED, "The answer was cancelled by its reader.", null);

  private static final Failure CLOSING =
      Failure.passing(
          FailureCode.DRAINING, "Finch is closing.", "Ask again when it has been started again.");

  private static final Failure YIELDED =
      Failure.passing(
          FailureCode.BUSY, "The local model was given to a prompt that somebody waits for.", null);

  private ExchangeFailures() {}

  /** Whether another provider may be asked after this failure. */
  static boolean anotherMayAnswer(FailureCode code) {
    return !FINAL.contains(code);
  }

  static Failure cancelled() {
    return CANCELLED;
  }

  static Failure closing() {
    return CLOSING;
  }

  /** A prompt that was only asked beside another makes way. */
  static Failure yielded() {
    return YIELDED;
  }

  static Failure deadline(Duration deadline) {
    return Failure.passing(
        FailureCode.DEADLINE_EXCEEDED,
        "The answer was not complete within " + deadline + ".",
        "Allow more time, or ask for fewer tokens.");
  }

  static Failure stalled(Duration limit) {
    return Failure.permanent(
        FailureCode.READER_STALLED,
        "The reader took nothing for " + limit + ", so the answer was given up.",
        "Read faster, or raise finch.routing.stall-limit.");
  }

  static Failure waitedEnough(Duration limit) {
    return Failure.passing(
        FailureCode.MODEL_NOT_READY,
        "The local model could not answer within " + limit + ".",
        "Ask again; finch.routing.waiting.time sets how long a prompt may wait.");
  }

  static Failure silent(String model, Duration limit) {
    return Failure.passing(
        FailureCode.PROVIDER_LOST,
        model + " said nothing for " + limit + " and was given up.",
        "Ask again; finch.routing.silence-limit sets how long is waited.");
  }

  static Failure lost(String model) {
    return Failure.passing(
        FailureCode.PROVIDER_LOST,
        model + " stopped before the answer was complete.",
        "Ask again.");
  }

  /** The relaying itself ended, by a fault or because its actors were stopped. */
  static Failure broken() {
    return Failure.passing(
        FailureCode.PROVIDER_LOST,
        "Finch stopped before the answer was complete.",
        "Ask again; where it was a fault, the log tells more.");
  }

  static Failure overrun(String model) {
    return Failure.permanent(
        FailureCode.INTERNAL,
        model + " sent more than was asked for.",
        "This is a fault in Finch; please report it.");
  }

  static Failure tooMany(int limit) {
    return Failure.passing(
            FailureCode.BUSY,
            "Too many prompts are under way: " + limit + ".",
            "Ask again shortly; finch.routing.live-limit sets how many may be.")
        .retryAfter(Duration.ofSeconds(2));
  }
}
