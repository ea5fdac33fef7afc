package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FooterTest {

  private static final Timings TIMINGS =
      Timings.of(Duration.ZERO, Duration.ofMillis(420), Duration.ofSeconds(2), 0, 18.34);

  @Test
  void saysWhoAnsweredWhyHowFastAndAtWhatCost() {
    assertEquals(
        "local · Qwen2.5-3B · the local model is ready · 31 → 12 tokens · first token 0.42 s"
            + " · 18.3 tokens/s · free",
        Footer.of(
            Provenance.local("Qwen2.5-3B", RouteReason.MODEL_READY, false),
            end(FinishReason.STOP, Cost.FREE)));
  }

  @Test
  void showsSmallSumsAndUnusualEndings() {
    assertEquals(
        "claude · claude-x · the local model is not ready yet · 31 → 12 tokens · first token 0.42 s"
            + " · 18.3 tokens/s · about $0.000273 · cut at the bound on tokens",
        Footer.of(
            Provenance.claude("claude-x", RouteReason.MODEL_NOT_READY),
            end(FinishReason.LENGTH, Cost.of(273, true))));
  }

  @Test
  void writesSmallSumsWithAllTheirDecimals() {
    assertEquals("$0.000001", Footer.dollars(1));
    assertEquals("$0.009999", Footer.dollars(9_999));
    assertEquals("$0.00", Footer.dollars(0));
    assertEquals("$0.01", Footer.dollars(10_000));
    assertEquals("$1.24", Footer.dollars(1_235_000));
    assertEquals("$120.00", Footer.dollars(120_000_000));
  }

  private static AnswerEvent.Finished end(FinishReason reason, Cost cost) {
    return new AnswerEvent.Finished(reason, TokenUsage.of(31, 12), TIMINGS, cost);
  }
}
