package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.LedgerSummary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TablesTest {

  @Test
  void theLedgerSaysHowExactEachCostIs() {
    LedgerSummary summary =
        new LedgerSummary(
            3,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            1,
            List.of(entry("STOP", false), entry("CANCELLED", true), entry("UNFINISHED", true)));
    List<String> lines = Tables.ledger(summary).lines().skip(2).toList();

    assertTrue(!lines.get(0).contains("about") && !lines.get(0).contains("at most"), lines.get(0));
    assertTrue(lines.get(1).contains("about $"), lines.get(1));
    assertTrue(lines.get(2).contains("at most $"), lines.get(2));
    String json = ReportJson.ledger(summary).toString();
    assertTrue(json.contains("\"estimated\":true,\"outcome\":\"CANCELLED\""), json);
  }

  private static LedgerSummary.Entry entry(String outcome, boolean estimated) {
    return new LedgerSummary.Entry(
        Instant.EPOCH,
        "r",
        "claude",
        "CLOUD_FIRST",
        1,
        1,
        1,
        1,
        4000,
        estimated,
        outcome,
        Optional.empty());
  }
}
