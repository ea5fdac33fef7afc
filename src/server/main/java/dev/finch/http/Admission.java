package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/** Counts the answers being made, and takes no more than the limits allow. Thread-safe. */
final class Admission {

  private final HttpSettings.Limits limits;
  private final Map<String, Integer> byKey = new HashMap<>();
  private final CompletableFuture<Done> drained = new CompletableFuture<>();
  private int answers;
  private boolean draining;

  Admission(HttpSettings.Limits limits) {
    this.limits = limits;
  }

  /** Takes a place for a key; null where it was taken, else why not. */
  synchronized Refusals.@Nullable Refusal enter(String key) {
    if (draining) {
      return new Refusals.Refusal(
          503,
          passing(FailureCode.DRAINING, "Finch is shutting down.", "Ask again in a moment.", 5));
    }
    if (answers >= limits.answers()) {
      return new Refusals.Refusal(
          503,
          passing(
              FailureCode.BUSY,
              answers + " answers are being made (finch.http.limits.answers).",
              "Ask again in a moment.",
              1));
    }
    int own = byKey.getOrDefault(key, 0);
    if (own >= limits.answersPerKey()) {
      return new Refusals.Refusal(
          429,
          passing(
              FailureCode.BUSY,
              own + " answers are being made for this key (finch.http.limits.answers-per-key).",
              "Wait for one of them to finish.",
              1));
    }
    answers++;
    byKey.put(key, own + 1);
    return null;
  }

  /** Gives a place back. */
  synchronized void leave(String key) {
    answers--;
    byKey.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    if (draining && answers == 0) {
      drained.complete(Done.getInstance());
    }
  }

  /** Takes no more; completes when the last answer has ended. */
  synchronized CompletionStage<Done> drain() {
    draining = true;
    if (answers == 0) {
      drained.complete(Done.getInstance());
    }
    return drained;
  }

  synchronized boolean draining() {
    return draining;
  }

  synchronized int answers() {
    return answers;
  }

  private static Failure passing(FailureCode code, String message, String hint, int seconds) {
    return Failure.passing(code, message, hint).retryAfter(Duration.ofSeconds(seconds));
  }
}
