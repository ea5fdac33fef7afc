package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.provider.Breaker;
import dev.finch.settings.Section;
import java.time.Duration;

/**
 * The configuration section {@code finch.routing}, with {@code breaker}, {@code budget} and {@code
 * prices} of {@code finch.cloud}.
 *
 * @param policy what to prefer where privacy leaves the choice open
 * @param requestedModel what to do with a prompt that names a model which is not there
 * @param modelOpen whether nobody chose a model: {@code finch.model} is {@code auto}
 * @param modelChanges models that may be loaded in a minute because they were named
 * @param waitingLimit prompts that may wait for the local model
 * @param waitingTime how long one may wait
 * @param liveLimit prompts that may be under way
 * @param stallLimit how long a reader may take nothing before its answer is given up
 * @param silenceLimit how long a provider may say nothing before it is given up
 * @param shadow whether answers are compared with the other leg's
 * @param breaker when Claude is not asked for a while
 * @param budget what Claude may cost
 * @param prices what Claude's tokens cost
 */
public record RoutingSettings(
    RoutingPolicy policy,
    RequestedModel requestedModel,
    boolean modelOpen,
    int modelChanges,
    int waitingLimit,
    Duration waitingTime,
    int liveLimit,
    Duration stallLimit,
    Duration silenceLimit,
    ShadowSettings shadow,
    Breaker.Settings breaker,
    Budget budget,
    Prices prices) {

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofDays(1);

  public RoutingSettings {
    requireNonNull(policy, "policy");
    requireNonNull(requestedModel, "requestedModel");
    requireNonNull(shadow, "shadow");
    requireNonNull(breaker, "breaker");
    requireNonNull(budget, "budget");
    requireNonNull(prices, "prices");
  }

  /**
   * Reads the settings.
   *
   * @param finch the section {@code finch}
   * @throws dev.finch.failure.FinchException with {@code SETTINGS_INVALID}
   */
  public static RoutingSettings from(Section finch) {
    Section routing = finch.section("routing");
    Section cloud = finch.section("cloud");
    return new RoutingSettings(
        routing.choice("policy", RoutingPolicy.class),
        routing.choice("requested-model", RequestedModel.class),
        finch.string("model").strip().equalsIgnoreCase("auto"),
        routing.integer("model-changes-per-minute", 1, 1000),
        routing.integer("waiting.limit", 0, 1_000_000),
        routing.duration("waiting.time", SHORTEST, Duration.ofDays(7)),
        routing.integer("live-limit", 1, 1_000_000),
        routing.duration("stall-limit", SHORTEST, LONGEST),
        routing.duration("silence-limit", SHORTEST, LONGEST),
        ShadowSettings.from(routing.section("shadow")),
        Breaker.Settings.from(cloud.section("breaker")),
        Budget.from(cloud.section("budget")),
        Prices.from(cloud));
  }
}
