package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryPolicyTest {

  private static final Map<String, String> NONE = Map.of();
  private final RetryPolicy policy =
      new RetryPolicy(new ClaudeSettings.Retries(2, Duration.ofSeconds(20)), () -> 0);

  @ParameterizedTest
  @ValueSource(ints = {0, 408, 409, 429, 500, 502, 503, 504, 529})
  void repeatsWhatMayPass(int status) {
    assertEquals(Duration.ofMillis(500), policy.next(0, status, false, NONE::get));
    assertEquals(Duration.ofSeconds(1), policy.next(1, status, false, NONE::get));
    assertNull(policy.next(2, status, false, NONE::get));
    assertNull(policy.next(0, status, true, NONE::get));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 402, 403, 404, 413, 422})
  void doesNotRepeatWhatStaysWrong(int status) {
    assertNull(policy.next(0, status, false, NONE::get));
  }

  @Test
  void obeysTheServer() {
    assertNull(policy.next(0, 529, false, Map.of("x-should-retry", "false")::get));
    assertNotNull(policy.next(0, 400, false, Map.of("x-should-retry", "true")::get));
    assertEquals(
        Duration.ofMillis(250),
        policy.next(0, 529, false, Map.of("retry-after-ms", "250", "retry-after", "9")::get));
    assertEquals(
        Duration.ofMillis(1500), policy.next(0, 529, false, Map.of("retry-after", "1.5")::get));
    assertNull(policy.next(0, 529, false, Map.of("retry-after", "21")::get));
  }

  @Test
  void readsDatesAndIgnoresNonsense() {
    Instant now = Instant.parse("2026-11-22T10:00:00Z");
    assertEquals(
        Duration.ofSeconds(30),
        RetryPolicy.askedWait(Map.of("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")::get, now));
    assertEquals(
        Duration.ZERO,
        RetryPolicy.askedWait(Map.of("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")::get, now));
    for (String nonsense : new String[] {"soon", "-1", "NaN", "1e99", ""}) {
      assertNull(RetryPolicy.askedWait(Map.of("retry-after", nonsense)::get, now), nonsense);
    }
  }

  @Test
  void shortensItsOwnWaitsByAQuarterAtMost() {
    RetryPolicy jittery =
        new RetryPolicy(new ClaudeSettings.Retries(9, Duration.ofSeconds(20)), () -> 1);
    assertEquals(Duration.ofMillis(375), jittery.next(0, 529, false, NONE::get));
    assertEquals(Duration.ofSeconds(6), jittery.next(8, 529, false, NONE::get));
  }
}
