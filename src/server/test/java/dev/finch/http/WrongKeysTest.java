package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WrongKeysTest {

  private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");

  private final WrongKeys wrongKeys = new WrongKeys();

  @Test
  void guessesAreSlowedAfterAFewAndHungUpOnWhereTooManyWait() {
    Map<WrongKeys.Answer, Integer> seen = new HashMap<>();
    for (int i = 0; i < 1000; i++) {
      seen.merge(wrongKeys.wrong(ONE, 1), 1, Integer::sum);
    }

    assertEquals(
        Map.of(
            WrongKeys.Answer.AT_ONCE,
            20,
            WrongKeys.Answer.LATER,
            64,
            WrongKeys.Answer.HANG_UP,
            916),
        seen);
  }

  @Test
  void timeForgivesAndOthersAreNotMeant() {
    for (int i = 0; i < 30; i++) {
      wrongKeys.wrong(ONE, 1);
    }

    assertEquals(WrongKeys.Answer.AT_ONCE, wrongKeys.wrong(InetAddress.ofLiteral("192.0.2.2"), 1));
    assertEquals(WrongKeys.Answer.AT_ONCE, wrongKeys.wrong(ONE, Duration.ofSeconds(2).toNanos()));
  }

  @Test
  void noMoreAddressesAreRememberedThanTheBound() throws UnknownHostException {
    for (int i = 0; i < 100_000; i++) {
      byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      wrongKeys.wrong(InetAddress.getByAddress(address), 1);
    }

    assertTrue(wrongKeys.addresses() <= 4096);
  }
}
