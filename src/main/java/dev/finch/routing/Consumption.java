package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.FailureCode;
import dev.finch.inference.Cost;
import dev.finch.inference.TokenUsage;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request to the cloud came to, as far as its Exchange knows.
 *
 * @param bytesOut bytes sent; -1 where the provider did not say
 * @param bytesIn bytes received
 * @param usage tokens as the provider counted them, or null where it did not say
 * @param free whether it is certain that nothing was charged
 * @param bound the most it can have used
 * @param outcome a finish reason or a failure's code
 * @param upstreamRequestId the other side's name for it, or null
 */
record Consumption(
    long bytesOut,
    long bytesIn,
    @Nullable TokenUsage usage,
    boolean free,
    Bound bound,
    String outcome,
    @Nullable String upstreamRequestId) {

  /** Refusals that Claude gives without having generated anything. */
  private static final Set<FailureCode> NOT_CHARGED =
      EnumSet.of(
          FailureCode.CLAUDE_UNREACHABLE,
          FailureCode.CLAUDE_UNAUTHORIZED,
          FailureCode.CLAUDE_FORBIDDEN,
          FailureCode.CLAUDE_REJECTED,
          FailureCode.CLAUDE_NOT_FOUND,
          FailureCode.CLAUDE_RATE_LIMITED,
          FailureCode.CLAUDE_SPEND_LIMIT,
          FailureCode.CLAUDE_OVERLOADED);

  Consumption {
    requireNonNull(outcome, "outcome");
  }

  /**
   * Whether a request that failed in this way before its first content was certainly not charged.
   */
  static boolean notCharged(FailureCode code) {
    return NOT_CHARGED.contains(code);
  }

  /** What goes into the ledger: for want of the provider's count, the bound. */
  LedgerLine.Settlement settle(LedgerLine.Opened opened, Prices prices) {
    if (free) {
      return settlement(TokenUsage.NONE, 0, bytesOut < 0);
    }
    if (usage != null) {
      Cost cost = prices.cost(opened.subject().model(), usage);
      return settlement(usage, cost.microDollars(), cost.estimated() || bytesOut < 0);
    }
    TokenUsage most = TokenUsage.of(bound.promptTokens(), bound.completionTokens());
    return settlement(most, opened.mostMicroDollars(), true);
  }

  private LedgerLine.Settlement settlement(
      TokenUsage tokens, long microDollars, boolean estimated) {
    return new LedgerLine.Settlement(
        bytesOut < 0 ? bound.bytes() : bytesOut,
        bytesIn,
        tokens,
        microDollars,
        estimated,
        outcome,
        upstreamRequestId);
  }
}
