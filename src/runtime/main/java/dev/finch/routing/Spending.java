package dev.finch.routing;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/**
 * What has been spent and what is reserved, by day (UTC), as the ledger's lines tell it. A request
 * counts for the day on which it went out; while it is open, or where its process died, it counts
 * with its bound. Not thread-safe.
 */
final class Spending {

  /** Tokens and millionths of a US dollar. */
  record Sum(long tokens, long microDollars) {
    static final Sum NONE = new Sum(0, 0);

    Sum plus(Sum other) {
      return new Sum(
          SaturatingMath.plus(tokens, other.tokens),
          SaturatingMath.plus(microDollars, other.microDollars));
    }

    Sum minus(Sum other) {
      return new Sum(tokens - other.tokens, microDollars - other.microDollars);
    }
  }

  private record Reserved(LocalDate day, Sum sum) {}

  private final Map<LocalDate, Sum> settled = new HashMap<>();
  private final Map<LocalDate, Sum> reserved = new HashMap<>();
  private final Map<String, Reserved> open = new HashMap<>();

  void clear() {
    settled.clear();
    reserved.clear();
    open.clear();
  }

  void add(LedgerLine line) {
    LocalDate day = day(line.subject().openedAt());
    switch (line) {
      case LedgerLine.Opened opened -> {
        Sum bound = new Sum(opened.mostTokens(), opened.mostMicroDollars());
        if (open.putIfAbsent(opened.subject().entry(), new Reserved(day, bound)) == null) {
          reserved.merge(day, bound, Sum::plus);
        }
      }
      case LedgerLine.Closed closed -> {
        Reserved was = open.remove(closed.subject().entry());
        if (was != null) {
          reserved.merge(was.day(), Sum.NONE.minus(was.sum()), Sum::plus);
        }
        LedgerLine.Settlement settlement = closed.settlement();
        settled.merge(
            day, new Sum(settlement.usage().totalTokens(), settlement.microDollars()), Sum::plus);
      }
    }
  }

  /** Spent on this day for good. */
  Sum settled(LocalDate day) {
    return settled.getOrDefault(day, Sum.NONE);
  }

  /** Spent in this month for good. */
  Sum settled(YearMonth month) {
    return sum(settled, month);
  }

  /** Spent or reserved on this day. */
  Sum taken(LocalDate day) {
    return settled(day).plus(reserved.getOrDefault(day, Sum.NONE));
  }

  /** Spent or reserved in this month. */
  Sum taken(YearMonth month) {
    return settled(month).plus(sum(reserved, month));
  }

  static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static Sum sum(Map<LocalDate, Sum> days, YearMonth month) {
    Sum sum = Sum.NONE;
    for (Map.Entry<LocalDate, Sum> entry : days.entrySet()) {
      if (YearMonth.from(entry.getKey()).equals(month)) {
        sum = sum.plus(entry.getValue());
      }
    }
    return sum;
  }
}
