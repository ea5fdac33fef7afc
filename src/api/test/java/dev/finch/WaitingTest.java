package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the blocking form of every call does. */
final class WaitingTest {

  @Test
  void givesWhatTheStageGives() {
    assertEquals("done", Waiting.on(CompletableFuture.completedFuture("done")));
  }

  @Test
  void throwsTheFailureWithTheTraceOfWhoWaited() {
    Failure failure = Failure.passing(FailureCode.BUSY, "Full.", null);
    FinchException cause = new FinchException(failure);

    FinchException thrown =
        assertThrows(FinchException.class, () -> Waiting.on(CompletableFuture.failedFuture(cause)));

    assertSame(failure, thrown.failure());
    assertSame(cause, thrown.getCause());
    assertTrue(
        Arrays.stream(thrown.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(WaitingTest.class.getName())));
  }

  @Test
  void givesWhatNobodyForesawACode() {
    assertEquals(
        FailureCode.INTERNAL,
        code(CompletableFuture.failedFuture(new IllegalStateException("odd"))));
  }

  @Test
  void anInterruptCancelsTheWorkAndIsKept() {
    CompletableFuture<String> work = new CompletableFuture<>();
    Thread.currentThread().interrupt();

    FailureCode code = code(work);

    assertTrue(Thread.interrupted());
    assertEquals(FailureCode.CANCELLED, code);
    assertTrue(work.isCancelled());
  }

  @Test
  void whatSomebodyElseCancelledIsCancelled() {
    CompletableFuture<String> work = new CompletableFuture<>();
    work.cancel(true);

    assertEquals(FailureCode.CANCELLED, code(work));
  }

  private static FailureCode code(CompletableFuture<?> work) {
    return assertThrows(FinchException.class, () -> Waiting.on(work)).failure().code();
  }
}
