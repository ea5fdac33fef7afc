package dev.finch.routing;

import static dev.finch.routing.SaturatingMath.plus;
import static dev.finch.routing.SaturatingMath.times;

import dev.finch.inference.Cost;
import dev.finch.inference.TokenUsage;
import dev.finch.settings.Section;

/**
 * What one model's tokens cost, in billionths of a US dollar per token, so that sums are exact.
 *
 * @param input prompt tokens that were not cached
 * @param output completion tokens, reasoning included
 * @param cacheRead prompt tokens read from the cache
 * @param cacheWrite prompt tokens written to the cache
 * @param cacheWriteLong prompt tokens written to the cache for an hour
 * @param upTo prompt tokens up to which these prices hold; {@code Long.MAX_VALUE} for any
 * @param beyond what a longer prompt's tokens are multiplied by, as a whole; at least 1
 */
record Price(
    long input,
    long output,
    long cacheRead,
    long cacheWrite,
    long cacheWriteLong,
    long upTo,
    long beyond) {

  private static final int MOST = 1_000_000;
  private static final long NANO_PER_MICRO = 1_000;

  /** Reads prices in US dollars per million tokens. */
  static Price from(Section section) {
    double input = section.number("input", 0, MOST);
    return new Price(
        nano(input),
        nano(section.number("output", 0, MOST)),
        section.has("cache-read") ? nano(section.number("cache-read", 0, MOST)) : nano(input),
        section.has("cache-write")
            ? nano(section.number("cache-write", 0, MOST))
            : nano(input * 1.25),
        section.has("cache-write-1h")
            ? nano(section.number("cache-write-1h", 0, MOST))
            : nano(input * 2),
        section.has("up-to") ? section.longInteger("up-to", 1, Long.MAX_VALUE) : Long.MAX_VALUE,
        section.has("beyond") ? section.longInteger("beyond", 1, 100) : 1);
  }

  /** What an answer cost; beyond {@code upTo} the sum is an estimate. */
  Cost of(TokenUsage usage) {
    long plain = usage.promptTokens() - usage.cachedTokens() - usage.cacheWriteTokens();
    long longer = Math.min(usage.longCacheWriteTokens(), usage.cacheWriteTokens());
    long written =
        plus(times(usage.cacheWriteTokens() - longer, cacheWrite), times(longer, cacheWriteLong));
    long nano =
        plus(
            plus(times(Math.max(0, plain), input), times(usage.cachedTokens(), cacheRead)),
            plus(written, times(usage.completionTokens(), output)));
    boolean far = usage.promptTokens() > upTo;
    return Cost.of(micro(far ? times(nano, beyond) : nano), far && beyond > 1);
  }

  /** The most that a request can cost. */
  long most(UsageBound bound) {
    long dearest = Math.max(input, Math.max(cacheRead, cacheWrite));
    if (bound.cachesLong()) {
      dearest = Math.max(dearest, cacheWriteLong);
    }
    long nano = plus(times(bound.promptTokens(), dearest), times(bound.completionTokens(), output));
    return micro(bound.promptTokens() > upTo ? times(nano, beyond) : nano);
  }

  private static long nano(double dollarsPerMillion) {
    return Math.round(dollarsPerMillion * 1_000);
  }

  private static long micro(long nano) {
    return Math.ceilDiv(nano, NANO_PER_MICRO);
  }
}
