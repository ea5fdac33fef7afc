package dev.finch;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What left this machine for Claude, and what staying local saved.
 *
 * @param requests requests that went out
 * @param bytesOut bytes sent
 * @param bytesIn bytes received
 * @param promptTokens tokens sent
 * @param completionTokens tokens received
 * @param microDollars what they cost, in millionths of a US dollar
 * @param microDollarsToday the part of it spent since midnight UTC
 * @param microDollarsThisMonth the part of it spent since the first of the month UTC
 * @param savedMicroDollars what the local answers would have cost
 * @param newest the latest entries, newest first
 */
public record LedgerSummary(
    long requests,
    long bytesOut,
    long bytesIn,
    long promptTokens,
    long completionTokens,
    long microDollars,
    long microDollarsToday,
    long microDollarsThisMonth,
    long savedMicroDollars,
    List<Entry> newest) {

  /** One request that went out; it holds no content. */
  public record Entry(
      Instant at,
      String requestId,
      String model,
      String reason,
      long bytesOut,
      long bytesIn,
      long promptTokens,
      long completionTokens,
      long microDollars,
      boolean estimated,
      String outcome,
      Optional<String> upstreamRequestId) {
    public Entry {
      requireNonNull(upstreamRequestId, "upstreamRequestId");
    }
  }

  public LedgerSummary {
    newest = List.copyOf(newest);
  }
}
