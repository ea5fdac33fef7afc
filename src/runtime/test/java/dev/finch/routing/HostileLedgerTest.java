package dev.finch.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.Cost;
import dev.finch.inference.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that nobody of Finch wrote, in the files that it reads. */
final class HostileLedgerTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @TempDir Path directory;

  @Test
  void sumsWhatIsALineAndPassesOverTheRest() throws Exception {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (String line :
        List.of(
            closed("a", "9223372036854775807"),
            closed("b", "9223372036854775807"),
            closed("c", "-5"),
            closed("d", "99999999999999999999999999"),
            closed("e", "1e300"),
            closed("f", "\"many\""),
            "{\"event\":\"closed\",\"entry\":" + "[".repeat(100_000),
            "x".repeat(3 << 20),
            "{\"entry\":\"g\",\"opened\":\"yesterday\"}",
            "\0\0\0",
            "[]",
            "")) {
      file.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    file.write(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
    file.writeBytes((closed("h", "7") + "\n{\"torn").getBytes(StandardCharsets.UTF_8));
    Files.write(directory.resolve("ledger.jsonl"), file.toByteArray());
    List<LedgerLine> lines = new Ledger(directory).read();
    LedgerReport report = LedgerReport.of(lines, Savings.Sum.NONE, NOW, 100);

    assertEquals(7, lines.size());
    assertTrue(report.promptTokens() > 0, "" + report.promptTokens());
    assertTrue(report.microDollars() > 0, "" + report.microDollars());
    assertTrue(
        report.newest().stream().allMatch(entry -> entry.promptTokens() >= 0), report.toString());
  }

  @Test
  void theBudgetReadsThemTooAndStillKeepsItsCaps() throws Exception {
    Files.writeString(
        directory.resolve("ledger.jsonl"),
        closed("a", "9223372036854775807") + "\n" + closed("b", "9223372036854775807") + "\n");
    Spending spending = new Spending();
    new Ledger(directory).read().forEach(spending::add);

    Spending.Sum today = spending.taken(Spending.day(NOW));
    assertTrue(today.tokens() > 0 && today.microDollars() > 0, today.toString());
  }

  @Test
  void noSumPassesItsEnd() {
    Spending.Sum most = new Spending.Sum(Long.MAX_VALUE, Long.MAX_VALUE);
    assertEquals(most, most.plus(most));
    Price price = new Price(1_000_000_000, 1_000_000_000, 1, 1, 1, 1, 100);
    Cost cost = price.of(TokenUsage.of(Long.MAX_VALUE, Long.MAX_VALUE));
    assertTrue(cost.microDollars().orElse(0) > 0, cost.toString());
    assertTrue(price.most(new UsageBound(1, Long.MAX_VALUE, 1, true)) > 0);
    assertEquals(Long.MAX_VALUE, TokenUsage.of(Long.MAX_VALUE, Long.MAX_VALUE).totalTokens());
  }

  private static String closed(String entry, String number) {
    return """
    {"event":"closed","entry":"%s","opened":"2026-11-30T11:00:00Z","request":"r","model":"m",\
    "reason":"CLOUD_FIRST","closed":"2026-11-30T11:00:01Z","bytes_out":%s,"bytes_in":%s,\
    "prompt_tokens":%s,"completion_tokens":%s,"micro_dollars":%s,"outcome":"STOP"}\
    """
        .formatted(entry, number, number, number, number, number);
  }
}
