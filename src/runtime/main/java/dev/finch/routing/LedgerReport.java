package dev.finch.routing;

import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ledger summed up. A request that is under way, or whose process died, counts with its bound.
 *
 * @param requests requests that went out
 * @param bytesOut bytes sent
 * @param bytesIn bytes received
 * @param promptTokens tokens sent
 * @param completionTokens tokens received
 * @param microDollars cost in millionths of a US dollar
 * @param microDollarsToday the part of it since midnight UTC
 * @param microDollarsThisMonth the part of it since the first of the month UTC
 * @param localAnswers answers given locally while Claude's price was known
 * @param savedMicroDollars what those would have cost
 * @param newest the latest entries, newest first
 */
public record LedgerReport(
    long requests,
    long bytesOut,
    long bytesIn,
    long promptTokens,
    long completionTokens,
    long microDollars,
    long microDollarsToday,
    long microDollarsThisMonth,
    long localAnswers,
    long savedMicroDollars,
    List<Entry> newest) {

  /**
   * One request that went out.
   *
   * @param outcome a finish reason, a failure's code, or {@code UNFINISHED}
   */
  public record Entry(
      Instant at,
      String requestId,
      @Nullable String conversationId,
      String model,
      String reason,
      long bytesOut,
      long bytesIn,
      long promptTokens,
      long completionTokens,
      long microDollars,
      boolean estimated,
      String outcome,
      @Nullable String upstreamRequestId) {

    /** Whether it left this machine, as far as is known. */
    boolean left() {
      return bytesOut > 0 || estimated;
    }
  }

  public LedgerReport {
    newest = List.copyOf(newest);
  }

  static LedgerReport of(List<LedgerLine> lines, Savings.Sum saved, Instant now, int newest) {
    Map<String, LedgerLine> byEntry = new LinkedHashMap<>();
    for (LedgerLine line : lines) {
      byEntry.merge(
          line.subject().entry(),
          line,
          (before, after) -> before instanceof LedgerLine.Closed ? before : after);
    }
    List<Entry> entries = byEntry.values().stream().map(LedgerReport::entry).toList();
    long requests = 0;
    long out = 0;
    long in = 0;
    long prompt = 0;
    long completion = 0;
    long cost = 0;
    long today = 0;
    long month = 0;
    for (Entry entry : entries) {
      requests += entry.left() ? 1 : 0;
      out = SaturatingMath.plus(out, entry.bytesOut());
      in = SaturatingMath.plus(in, entry.bytesIn());
      prompt = SaturatingMath.plus(prompt, entry.promptTokens());
      completion = SaturatingMath.plus(completion, entry.completionTokens());
      cost = SaturatingMath.plus(cost, entry.microDollars());
      boolean thisMonth =
          YearMonth.from(Spending.day(entry.at())).equals(YearMonth.from(Spending.day(now)));
      month = SaturatingMath.plus(month, thisMonth ? entry.microDollars() : 0);
      boolean isToday = Spending.day(entry.at()).equals(Spending.day(now));
      today = SaturatingMath.plus(today, isToday ? entry.microDollars() : 0);
    }
    List<Entry> latest = new ArrayList<>(entries);
    latest.sort((a, b) -> b.at().compareTo(a.at()));
    return new LedgerReport(
        requests,
        out,
        in,
        prompt,
        completion,
        cost,
        today,
        month,
        saved.answers(),
        saved.microDollars(),
        latest.subList(0, Math.min(newest, latest.size())));
  }

  private static Entry entry(LedgerLine line) {
    LedgerLine.Subject subject = line.subject();
    return switch (line) {
      case LedgerLine.Opened opened ->
          new Entry(
              subject.openedAt(),
              subject.requestId(),
              subject.conversationId(),
              subject.model(),
              subject.reason(),
              0,
              0,
              opened.mostTokens(),
              0,
              opened.mostMicroDollars(),
              true,
              "UNFINISHED",
              null);
      case LedgerLine.Closed closed -> {
        LedgerLine.Settlement settlement = closed.settlement();
        yield new Entry(
            subject.openedAt(),
            subject.requestId(),
            subject.conversationId(),
            settlement.model(),
            subject.reason(),
            settlement.bytesOut(),
            settlement.bytesIn(),
            settlement.usage().promptTokens(),
            settlement.usage().completionTokens(),
            settlement.microDollars(),
            settlement.estimated(),
            settlement.outcome(),
            settlement.upstreamRequestId());
      }
    };
  }
}
