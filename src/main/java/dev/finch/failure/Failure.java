package dev.finch.failure;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One failure as a person and a program see it.
 *
 * @param code what kind of failure this is
 * @param message what happened, with the value and what was expected; never contains a key, a
 *     prompt or an answer
 * @param hint what to do next, or null where there is nothing to do
 * @param retryable whether the same request may succeed later without being changed
 * @param retryAfter how long to wait before asking again, where the other side said so
 */
public record Failure(
    FailureCode code,
    String message,
    @Nullable String hint,
    boolean retryable,
    @Nullable Duration retryAfter) {

  public Failure {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
  }

  /** A failure that the same request would meet again. */
  public static Failure permanent(FailureCode code, String message, @Nullable String hint) {
    return new Failure(code, message, hint, false, null);
  }

  /** A failure that may pass by itself. */
  public static Failure passing(FailureCode code, String message, @Nullable String hint) {
    return new Failure(code, message, hint, true, null);
  }

  /** The same failure with the time after which asking again makes sense. */
  public Failure retryAfter(Duration wait) {
    return new Failure(code, message, hint, true, wait);
  }

  /** The message and, after it, the hint. */
  public String describe() {
    return hint == null ? message : message + " " + hint;
  }
}
