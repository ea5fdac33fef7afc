package dev.finch.failure;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One failure as a person and a program see it.
 *
 * @param code what kind of failure this is
 * @param message what happened, with the value and what was expected; never contains a key, a
 *     prompt or an answer
 * @param hint what to do next, empty where there is nothing to do
 * @param retryable whether the same request may succeed later without being changed
 * @param retryAfter how long to wait before asking again, where the other side said so
 * @param overflow by how much a prompt is too long, where that is the failure and is known
 */
public record Failure(
    FailureCode code,
    String message,
    Optional<String> hint,
    boolean retryable,
    Optional<Duration> retryAfter,
    Optional<Overflow> overflow) {

  private static final List<String> DESCRIBING =
      List.of("the ", "a ", "an ", "no ", "random weights ");

  /**
   * A prompt that is too long.
   *
   * @param promptTokens what it has
   * @param contextTokens what the model holds here, prompt and answer together
   */
  public record Overflow(long promptTokens, long contextTokens) {}

  public Failure {
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    requireNonNull(hint, "hint");
    requireNonNull(retryAfter, "retryAfter");
    requireNonNull(overflow, "overflow");
    message = begun(message);
  }

  /** A failure that the same request would meet again. */
  public static Failure permanent(FailureCode code, String message, @Nullable String hint) {
    return of(code, message, hint, false);
  }

  /** A failure that may pass by itself. */
  public static Failure passing(FailureCode code, String message, @Nullable String hint) {
    return of(code, message, hint, true);
  }

  /** A failure that may pass by itself where {@code retryable}. */
  public static Failure of(
      FailureCode code, String message, @Nullable String hint, boolean retryable) {
    return of(code, message, hint, retryable, Optional.empty());
  }

  /** A failure with the time after which asking again makes sense, where that is known. */
  public static Failure of(
      FailureCode code,
      String message,
      @Nullable String hint,
      boolean retryable,
      Optional<Duration> retryAfter) {
    return new Failure(
        code, message, Optional.ofNullable(hint), retryable, retryAfter, Optional.empty());
  }

  /** The same failure with the time after which asking again makes sense. */
  public Failure retryAfter(Duration wait) {
    return new Failure(code, message, hint, true, Optional.of(wait), overflow);
  }

  /** The same failure in other words. */
  public Failure saying(String words, @Nullable String nextHint) {
    return new Failure(code, words, Optional.ofNullable(nextHint), retryable, retryAfter, overflow);
  }

  /** The same failure with the numbers of a prompt that is too long. */
  public Failure overflow(long promptTokens, long contextTokens) {
    Overflow numbers = new Overflow(promptTokens, contextTokens);
    return new Failure(code, message, hint, retryable, retryAfter, Optional.of(numbers));
  }

  /** The message and, after it, the hint. */
  public String describe() {
    return hint.map(next -> sentences(message, next)).orElse(message);
  }

  /** One text after the other, each as a sentence is, whoever wrote it. */
  public static String sentences(String first, String then) {
    return sentence(first) + " " + begun(then);
  }

  /** The text, begun and ended as a sentence is, whoever wrote it; what is one already stays. */
  public static String sentence(String words) {
    String text = begun(words.stripTrailing());
    boolean ended = text.isEmpty() || ".!?:\u2026".indexOf(text.charAt(text.length() - 1)) >= 0;
    return ended ? text : text + ".";
  }

  /**
   * Some models are called by a description ("the built-in demonstration model"), which needs a
   * capital at the beginning. A name, a setting or a field keeps its letters there.
   */
  private static String begun(String text) {
    return DESCRIBING.stream().anyMatch(text::startsWith)
        ? Character.toUpperCase(text.charAt(0)) + text.substring(1)
        : text;
  }
}
