package dev.finch.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class BreakerTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Breaker CLOSED =
      Breaker.closed(new Breaker.Settings(3, PAUSE, Duration.ofSeconds(35), null));
  private static final Failure OVERLOADED = failure(FailureCode.CLAUDE_OVERLOADED);

  @Test
  void opensAfterSeveralFailuresInARow() {
    Breaker breaker = fail(fail(CLOSED, 2).succeeded(), 2);
    assertNull(breaker.whyNot(NOW));
    Failure why = Objects.requireNonNull(fail(breaker, 1).whyNot(NOW));
    assertEquals(FailureCode.BREAKER_OPEN, why.code());
    assertEquals(PAUSE, why.retryAfter().orElse(null));
    assertTrue(why.message().contains(OVERLOADED.message()), why.message());
  }

  @Test
  void letsOneProbeThroughAndClosesWhenItSucceeds() {
    Breaker open = fail(CLOSED, 3);
    Instant later = NOW.plus(PAUSE);
    assertTrue(open.halfOpen(later));
    Breaker probing = open.asked(later);
    assertNotNull(probing.whyNot(later));
    assertEquals(CLOSED, probing.succeeded());
  }

  @Test
  void pausesTwiceAsLongAfterEachFailedProbeUpToABound() {
    Breaker breaker = fail(CLOSED, 3);
    Instant now = NOW;
    for (int seconds : new int[] {20, 35, 35}) {
      now = Objects.requireNonNull(breaker.openUntil());
      breaker = breaker.asked(now).failed(OVERLOADED, true, now);
      assertEquals(now.plusSeconds(seconds), breaker.openUntil());
    }
  }

  @Test
  void triesAgainWhenAProbeWasCancelled() {
    Instant later = NOW.plus(PAUSE);
    Breaker probing = fail(CLOSED, 3).asked(later);
    Breaker after = probing.failed(failure(FailureCode.CANCELLED), true, later);
    assertTrue(after.halfOpen(later));
  }

  @Test
  void staysOpenUntilTheMonthEndsAfterASpendLimit() {
    Breaker breaker = CLOSED.failed(failure(FailureCode.CLAUDE_SPEND_LIMIT), false, NOW);
    assertEquals(Instant.parse("2026-12-01T00:00:00Z"), breaker.openUntil());
    Breaker.Settings hour = new Breaker.Settings(3, PAUSE, PAUSE, Duration.ofHours(1));
    assertEquals(
        NOW.plus(Duration.ofHours(1)),
        Breaker.closed(hour)
            .failed(failure(FailureCode.CLAUDE_SPEND_LIMIT), false, NOW)
            .openUntil());
  }

  @Test
  void asksAgainAfterAWhileWhereTheAccountWasToBePaid() {
    Failure unpaid = failure(FailureCode.CLAUDE_OUT_OF_CREDIT);
    Breaker breaker = CLOSED.failed(unpaid, false, NOW);
    assertEquals(NOW.plus(PAUSE), breaker.openUntil());
    Instant later = NOW.plus(PAUSE);
    assertEquals(
        later.plus(PAUSE.multipliedBy(2)),
        breaker.asked(later).failed(unpaid, true, later).openUntil());
    assertNull(breaker.asked(later).succeeded().openUntil());
  }

  @Test
  void waitsAsLongAsClaudeSays() {
    Failure limited = failure(FailureCode.CLAUDE_RATE_LIMITED).retryAfter(Duration.ofMinutes(3));
    assertEquals(NOW.plus(Duration.ofMinutes(3)), CLOSED.failed(limited, false, NOW).openUntil());
  }

  @Test
  void learnsNothingFromWhatIsTheRequestsOwnFault() {
    Breaker breaker = fail(CLOSED, 2);
    for (FailureCode code :
        new FailureCode[] {
          FailureCode.CLAUDE_NOT_FOUND,
          FailureCode.CLAUDE_REJECTED,
          FailureCode.CLAUDE_TOO_LARGE,
          FailureCode.CLAUDE_UNAUTHORIZED,
          FailureCode.CANCELLED,
          FailureCode.READER_STALLED
        }) {
      assertEquals(breaker, breaker.failed(failure(code), false, NOW), code.name());
    }
  }

  @Test
  void isNotPushedFurtherByRequestsThatWereUnderWayWhenItOpened() {
    Breaker open = fail(CLOSED, 3);
    assertEquals(open, fail(open, 50));
  }

  private static Breaker fail(Breaker breaker, int times) {
    Breaker next = breaker;
    for (int i = 0; i < times; i++) {
      next = next.failed(OVERLOADED, false, NOW);
    }
    return next;
  }

  private static Failure failure(FailureCode code) {
    return Failure.passing(code, code + " was injected.", null);
  }
}
