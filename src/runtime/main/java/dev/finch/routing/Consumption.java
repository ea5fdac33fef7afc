package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.inference.Cost;
import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference;
import org.jspecify.annotations.Nullable;

/**
 * What a request to the cloud came to, as far as its Exchange knows.
 *
 * @param sent whether it may have left this machine
 * @param egress what the provider says went over the network, or null where it did not say
 * @param usage tokens of a whole answer, or null where it was not complete
 * @param bound the most it can have used
 * @param outcome a finish reason or a failure's code
 */
record Consumption(
    boolean sent,
    Inference.@Nullable Egress egress,
    @Nullable TokenUsage usage,
    UsageBound bound,
    String outcome) {

  Consumption {
    requireNonNull(bound, "bound");
    requireNonNull(outcome, "outcome");
  }

  /**
   * The closing line of the ledger. Where the provider's count is missing, its estimate is taken,
   * and without one its bound.
   */
  LedgerLine.Settlement settle(LedgerLine.Opened opened, Prices prices) {
    if (!sent || (egress != null && egress.free())) {
      return settlement(opened, TokenUsage.NONE, 0, false);
    }
    if (usage != null) {
      Cost cost = prices.cost(answeredBy(opened), opened.subject().model(), usage);
      return settlement(opened, usage, cost.microDollars().orElse(0), cost.estimated());
    }
    TokenUsage counted = egress == null ? null : egress.counted();
    if (counted != null) {
      TokenUsage most =
          new TokenUsage(
              counted.promptTokens(),
              counted.cachedTokens(),
              Math.min(bound.completionTokens(), counted.completionTokens()),
              0,
              counted.cacheWriteTokens(),
              counted.longCacheWriteTokens());
      Cost cost = prices.cost(answeredBy(opened), opened.subject().model(), most);
      return settlement(opened, most, cost.microDollars().orElse(0), true);
    }
    TokenUsage most = TokenUsage.of(bound.promptTokens(), bound.completionTokens());
    return settlement(opened, most, opened.mostMicroDollars(), true);
  }

  /** The model that answered; the one that was asked where nobody said otherwise. */
  private String answeredBy(LedgerLine.Opened opened) {
    return egress == null ? opened.subject().model() : egress.model();
  }

  private LedgerLine.Settlement settlement(
      LedgerLine.Opened opened, TokenUsage tokens, long microDollars, boolean estimated) {
    return new LedgerLine.Settlement(
        answeredBy(opened),
        egress != null ? egress.bytesOut() : sent ? bound.bytes() : 0,
        egress == null ? 0 : egress.bytesIn(),
        tokens,
        microDollars,
        estimated || (sent && egress == null),
        outcome,
        egress == null ? null : egress.upstreamRequestId());
  }
}
