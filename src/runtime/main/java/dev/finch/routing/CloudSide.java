package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.provider.Breaker;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claude as the Router knows it: how to reach it, which prompts it holds, and whether it is asked
 * at all. Not thread-safe.
 */
final class CloudSide {

  private static final Failure OFF =
      Failure.permanent(
          FailureCode.CLOUD_DISABLED,
          "The cloud is switched off (finch.cloud.enabled = off).",
          "Wait for the local model, or switch the cloud on.");

  private final Breaker.Settings settings;

  /** Prompts given to this client, by their place among all, and whether each is a probe. */
  private final Map<Long, Boolean> held = new HashMap<>();

  private Router.@Nullable CloudLeg leg;
  private Breaker breaker;
  private Router.@Nullable BudgetSpent spent;

  CloudSide(Breaker.Settings settings) {
    this.settings = settings;
    this.breaker = Breaker.closed(settings);
  }

  /** Claude can be reached in another way than before, or no more. */
  void changed(Router.@Nullable CloudLeg next) {
    boolean same = leg != null && next != null && leg.inference().equals(next.inference());
    leg = next;
    if (!same) {
      breaker = Breaker.closed(settings);
      held.clear();
    }
  }

  /** The budget is spent. */
  void spent(Router.BudgetSpent nothingLeft) {
    spent = nothingLeft;
  }

  /** The model that answers where a request names none, or null where the cloud is off. */
  @Nullable String model() {
    return leg == null ? null : leg.model();
  }

  /** Why Claude cannot be asked now, or null where it can. */
  @Nullable Failure whyNot(Instant now) {
    if (leg == null) {
      return OFF;
    }
    if (leg.unavailable() != null) {
      return leg.unavailable();
    }
    if (spent != null && now.isBefore(spent.until())) {
      return spent.failure();
    }
    return breaker.whyNot(now);
  }

  /** A prompt is given to Claude. */
  Router.CloudLeg take(long arrival, Instant now) {
    held.put(arrival, breaker.halfOpen(now));
    breaker = breaker.asked(now);
    return requireNonNull(leg, "leg");
  }

  /**
   * A prompt that Claude may hold has ended.
   *
   * @param failure how, or null where it was answered
   */
  void ended(long arrival, @Nullable Failure failure, Instant now) {
    Boolean probe = held.remove(arrival);
    if (probe != null) {
      breaker = failure == null ? breaker.succeeded() : breaker.failed(failure, probe, now);
    }
  }

  /** A prompt that Claude may hold has ended without a word. */
  void lost(long arrival) {
    Boolean probe = held.remove(arrival);
    if (probe != null) {
      breaker = breaker.learntNothing(probe);
    }
  }

  boolean holds(long arrival) {
    return held.containsKey(arrival);
  }
}
