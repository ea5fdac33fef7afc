package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.settings.Section;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The configuration section {@code finch.cloud.budget}: what Claude may cost per day and per month,
 * both UTC.
 *
 * @param day what one day may cost
 * @param month what one month may cost
 */
record Budget(Caps day, Caps month) {

  /** {@code Long.MAX_VALUE} is no cap. */
  record Caps(long tokens, long microDollars) {
    boolean none() {
      return tokens == Long.MAX_VALUE && microDollars == Long.MAX_VALUE;
    }
  }

  private static final String UNLIMITED = "unlimited";
  private static final double MICRO = 1_000_000;

  Budget {
    requireNonNull(day, "day");
    requireNonNull(month, "month");
  }

  static Budget from(Section budget) {
    return new Budget(caps(budget, "day"), caps(budget, "month"));
  }

  /** Whether there is no cap at all. */
  boolean unlimited() {
    return day.none() && month.none();
  }

  /** Whether any cap is in dollars, so that every price has to be known. */
  boolean inDollars() {
    return day.microDollars() != Long.MAX_VALUE || month.microDollars() != Long.MAX_VALUE;
  }

  /** Why so much more may not be reserved, or null where it may. */
  @Nullable Failure whyNot(Spending spending, Spending.Sum more, Instant now) {
    LocalDate today = Spending.day(now);
    Failure daily =
        over(
            "today",
            "per-day",
            day,
            spending.taken(today),
            more,
            Duration.between(now, end(today)));
    YearMonth thisMonth = YearMonth.from(today);
    return daily != null
        ? daily
        : over(
            "this month",
            "per-month",
            month,
            spending.taken(thisMonth),
            more,
            Duration.between(now, end(thisMonth)));
  }

  /** Until when nothing is left whatever happens, or null where something may be. */
  @Nullable Instant exhaustedUntil(Spending spending, Instant now) {
    LocalDate today = Spending.day(now);
    YearMonth thisMonth = YearMonth.from(today);
    if (reached(month, spending.settled(thisMonth))) {
      return end(thisMonth);
    }
    return reached(day, spending.settled(today)) ? end(today) : null;
  }

  private static @Nullable Failure over(
      String when, String suffix, Caps caps, Spending.Sum taken, Spending.Sum more, Duration left) {
    if (more.microDollars() > caps.microDollars() - taken.microDollars()) {
      String message =
          String.format(
              Locale.ROOT,
              "The cloud budget of %s does not allow it: %s of %s is spent or reserved, and this"
                  + " answer may cost up to %s.",
              when,
              dollars(taken.microDollars()),
              dollars(caps.microDollars()),
              dollars(more.microDollars()));
      return spent(message, "dollars-" + suffix, left);
    }
    if (more.tokens() > caps.tokens() - taken.tokens()) {
      String message =
          String.format(
              Locale.ROOT,
              "The cloud budget of %s does not allow it: %d of %d tokens are spent or reserved, and"
                  + " this answer may take up to %d.",
              when,
              taken.tokens(),
              caps.tokens(),
              more.tokens());
      return spent(message, "tokens-" + suffix, left);
    }
    return null;
  }

  private static Failure spent(String message, String key, Duration left) {
    return Failure.passing(
            FailureCode.BUDGET_SPENT,
            message,
            "Wait for the local model, ask for fewer tokens, or raise finch.cloud.budget."
                + key
                + ".")
        .retryAfter(left);
  }

  private static boolean reached(Caps caps, Spending.Sum settled) {
    return settled.tokens() >= caps.tokens() || settled.microDollars() >= caps.microDollars();
  }

  private static Instant end(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static Instant end(YearMonth month) {
    return end(month.atEndOfMonth());
  }

  private static Caps caps(Section budget, String period) {
    String tokens = "tokens-per-" + period;
    String dollars = "dollars-per-" + period;
    return new Caps(
        budget.string(tokens).equals(UNLIMITED)
            ? Long.MAX_VALUE
            : budget.longInteger(tokens, 0, Long.MAX_VALUE - 1),
        budget.string(dollars).equals(UNLIMITED)
            ? Long.MAX_VALUE
            : Math.round(budget.number(dollars, 0, 1e9) * MICRO));
  }

  private static String dollars(long microDollars) {
    return String.format(
        Locale.ROOT, microDollars < 10_000 ? "$%.6f" : "$%.4f", microDollars / MICRO);
  }
}
