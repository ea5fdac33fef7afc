package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import dev.finch.inference.TokenUsage;
import dev.finch.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PriceTest {

  private static Price of(String prices) {
    var config = ConfigFactory.parseString("p { " + prices + " }");
    return Price.from(Section.of(config, "p"));
  }

  private static Price shipped(String model) {
    var config = ConfigFactory.parseResources("reference.conf").resolve();
    return Prices.from(Section.of(config, "finch.cloud")).of(model);
  }

  /** Anthropic's: a read is a tenth of the input, a write 1.25 times it, for an hour twice it. */
  @ParameterizedTest
  @CsvSource({
    "claude-haiku-5-5, 1000, 0, 0, 0, 100",
    "claude-haiku-5-5, 1000, 1000, 0, 0, 10",
    "claude-haiku-5-5, 1000, 0, 1000, 0, 125",
    "claude-haiku-5-5, 1000, 0, 1000, 1000, 200",
    "claude-haiku-5-5, 4000, 1000, 2000, 1000, 435",
    "claude-sonnet-5-5, 4000, 1000, 2000, 1000, 8700",
    "claude-opus-5-5, 4000, 1000, 2000, 1000, 17400",
    "claude-fable-5-1, 4000, 1000, 2000, 1000, 43500",
  })
  void whatTheCacheTakesAndGivesHasItsOwnPrices(
      String model, long prompt, long read, long written, long writtenForAnHour, long expected) {
    TokenUsage usage = new TokenUsage(prompt, read, 0, 0, written, writtenForAnHour);

    assertEquals(expected, shipped(model).of(usage).microDollars().orElse(0));
  }

  @Test
  void anHourInTheCacheIsReservedWhereItIsAskedFor() {
    Price price = of("input = 2, output = 10");

    assertEquals(2500, price.most(new UsageBound(1, 1000, 0, false)));
    assertEquals(4000, price.most(new UsageBound(1, 1000, 0, true)));
    assertEquals(
        9000,
        of("input = 2, output = 10, cache-write-1h = 9").most(new UsageBound(1, 1000, 0, true)));
  }
}
