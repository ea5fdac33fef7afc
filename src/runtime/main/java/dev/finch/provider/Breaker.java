package dev.finch.provider;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.settings.Section;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether one endpoint is asked at all: closed until it has failed several times in a row, then
 * open for a while, then half open for one probe. Immutable; every event gives the next breaker.
 *
 * @param settings when it opens and for how long
 * @param failures in a row
 * @param openings in a row; each doubles the pause
 * @param openUntil when a probe may go, or null while closed
 * @param probing whether the probe is under way
 * @param cause what opened it, or null while closed
 */
public record Breaker(
    Settings settings,
    int failures,
    int openings,
    @Nullable Instant openUntil,
    boolean probing,
    @Nullable Failure cause) {

  /**
   * The configuration section {@code finch.cloud.breaker}.
   *
   * @param failures in a row that open it
   * @param pause the first pause; each further one is twice as long
   * @param longestPause no pause is longer, save after a spend limit or where Claude says so
   * @param spendLimitPause after a spend limit, or null to stay open until the month ends (UTC),
   *     when Anthropic resets it
   */
  public record Settings(
      int failures, Duration pause, Duration longestPause, @Nullable Duration spendLimitPause) {

    /** Reads the section. */
    public static Settings from(Section breaker) {
      boolean monthEnd = breaker.string("spend-limit-pause").equals("month-end");
      return new Settings(
          breaker.integer("failures", 1, 1000),
          breaker.duration("pause", Duration.ofMillis(1), Duration.ofHours(1)),
          breaker.duration("longest-pause", Duration.ofMillis(1), Duration.ofDays(1)),
          monthEnd
              ? null
              : breaker.duration("spend-limit-pause", Duration.ofSeconds(1), Duration.ofDays(31)));
    }
  }

  /** What says something about the endpoint, and not about one request or one key. */
  private static final Set<FailureCode> COUNTED =
      EnumSet.of(
          FailureCode.CLAUDE_UNREACHABLE,
          FailureCode.CLAUDE_OVERLOADED,
          FailureCode.CLAUDE_RATE_LIMITED,
          FailureCode.CLAUDE_PROTOCOL,
          FailureCode.CLAUDE_STREAM_CUT,
          FailureCode.PROVIDER_LOST,
          FailureCode.OFFLINE);

  public Breaker {
    requireNonNull(settings, "settings");
  }

  /** One that has seen nothing yet. */
  public static Breaker closed(Settings settings) {
    return new Breaker(settings, 0, 0, null, false, null);
  }

  /** Why the endpoint may not be asked now, or null where it may. */
  public @Nullable Failure whyNot(Instant now) {
    if (openUntil == null || (!probing && !now.isBefore(openUntil))) {
      return null;
    }
    Duration wait = Duration.between(now, openUntil);
    String when = wait.isPositive() ? "until " + openUntil.truncatedTo(ChronoUnit.SECONDS) : "now";
    Failure failure =
        Failure.passing(
            FailureCode.BREAKER_OPEN,
            (probing ? "Claude is being tried again " : "Claude is not asked ")
                + when
                + ", because it failed: "
                + (cause == null ? "?" : cause.message()),
            "Finch tries again by itself.");
    return wait.isPositive() ? failure.retryAfter(wait) : failure;
  }

  /** Whether the next request would be the probe. */
  public boolean halfOpen(Instant now) {
    return openUntil != null && !probing && !now.isBefore(openUntil);
  }

  /** A request goes out. */
  public Breaker asked(Instant now) {
    return halfOpen(now) ? new Breaker(settings, failures, openings, openUntil, true, cause) : this;
  }

  /** The endpoint answered. */
  public Breaker succeeded() {
    return openUntil == null && failures == 0 ? this : closed(settings);
  }

  /** A request ended without saying anything about the endpoint: it was cancelled, or was wrong. */
  public Breaker learntNothing(boolean probe) {
    return probe ? new Breaker(settings, failures, openings, openUntil, false, cause) : this;
  }

  /** A request failed. */
  public Breaker failed(Failure failure, boolean probe, Instant now) {
    if (failure.code() == FailureCode.CLAUDE_SPEND_LIMIT) {
      return open(failure, spendLimitEnd(now));
    }
    if (failure.code() == FailureCode.CLAUDE_OUT_OF_CREDIT) {
      return open(failure, now.plus(pause()));
    }
    if (!COUNTED.contains(failure.code())) {
      return learntNothing(probe);
    }
    boolean late = !probe && openUntil != null && now.isBefore(openUntil);
    if (late) {
      return this;
    }
    Duration told = failure.retryAfter().orElse(null);
    if (told != null && failure.code() == FailureCode.CLAUDE_RATE_LIMITED) {
      return open(failure, now.plus(told));
    }
    if (probe || failures + 1 >= settings.failures()) {
      Duration pause = pause();
      return open(failure, now.plus(told != null && told.compareTo(pause) > 0 ? told : pause));
    }
    return new Breaker(settings, failures + 1, openings, openUntil, probing, cause);
  }

  private Breaker open(Failure failure, Instant until) {
    Instant later = openUntil != null && openUntil.isAfter(until) ? openUntil : until;
    return new Breaker(settings, failures + 1, openings + 1, later, false, failure);
  }

  private Duration pause() {
    Duration pause = settings.pause();
    for (int i = 0; i < openings && pause.compareTo(settings.longestPause()) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : pause;
  }

  private Instant spendLimitEnd(Instant now) {
    Duration pause = settings.spendLimitPause();
    return pause != null
        ? now.plus(pause)
        : now.atZone(ZoneOffset.UTC)
            .toLocalDate()
            .withDayOfMonth(1)
            .plusMonths(1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant();
  }
}
