package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.model.DownloadProgress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DownloadLogTest {

  private static final long SECOND = 1_000_000_000;

  private long now;
  private final DownloadLog log = new DownloadLog(Duration.ofSeconds(30), () -> now);

  @Test
  void takesEachTenthOnceAndOneNowAndThenMeanwhile() {
    assertTrue(log.due(at(0)));
    assertFalse(log.due(at(9)));
    assertTrue(log.due(at(10)));
    now = 29 * SECOND;
    assertFalse(log.due(at(11)));
    now = 31 * SECOND;
    assertTrue(log.due(at(11)));
    assertFalse(log.due(at(11)));
  }

  @Test
  void tellsWhatHoldsItUpOnceAndAgainOnlyAfterAWhile() {
    DownloadProgress held = at(3).heldUpBy("Refused.");
    assertNull(log.newTrouble(at(3)));
    assertEquals("Refused. Trying again.", log.newTrouble(held));
    assertNull(log.newTrouble(held));
    assertNull(log.newTrouble(at(3)));
    assertNull(log.newTrouble(held));
    assertEquals("Cut. Trying again.", log.newTrouble(at(3).heldUpBy("Cut.")));
    now = 31 * SECOND;
    assertEquals("Cut. Trying again.", log.newTrouble(at(3).heldUpBy("Cut.")));
  }

  private static DownloadProgress at(long percent) {
    return DownloadProgress.of(DownloadProgress.Phase.DOWNLOADING, percent, 100, 1, null);
  }
}
