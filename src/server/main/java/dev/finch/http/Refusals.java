package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import org.jspecify.annotations.Nullable;

/** What the front end itself refuses, with the status that says so. */
final class Refusals {

  /** A failure at the door, before any dialect or runtime saw the request. */
  record Refusal(int status, Failure failure) {}

  private Refusals() {}

  static Refusal of(Failure failure) {
    return new Refusal(Statuses.of(failure.code()), failure);
  }

  static Refusal permanent(int status, String message, @Nullable String hint) {
    return new Refusal(status, Failure.permanent(FailureCode.BAD_REQUEST, message, hint));
  }

  static FinchException badRequest(String message) {
    return new FinchException(Failure.permanent(FailureCode.BAD_REQUEST, message, null));
  }

  /** What a thrown thing means to a client; what was not foreseen says nothing of the inside. */
  static Failure failureOf(Throwable thrown) {
    return Thrown.failure(
        thrown,
        cause ->
            cause instanceof StackOverflowError
                ? Failure.permanent(
                    FailureCode.BAD_REQUEST,
                    "The request is nested more deeply than Finch can follow.",
                    "Send one that is flatter.")
                : Failure.permanent(
                    FailureCode.INTERNAL,
                    "Finch failed inside (" + cause.getClass().getSimpleName() + ").",
                    "The server's log has the details under this request's id."));
  }
}
