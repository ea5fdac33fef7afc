package dev.finch.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

final class ThrownTest {

  private static final Failure GONE =
      Failure.passing(FailureCode.CLAUDE_UNREACHABLE, "Gone.", null);

  private static final IOException RESET = new IOException("reset");

  @Test
  void takesOffEveryWrapperOfAFuture() {
    assertSame(RESET, Thrown.unwrapped(new CompletionException(new ExecutionException(RESET))));
    assertSame(RESET, Thrown.unwrapped(RESET));
  }

  @Test
  void leavesAWrapperAroundNothingAndOtherExceptionsWithACauseAlone() {
    CompletionException empty = new CompletionException("nothing inside", null);
    assertSame(empty, Thrown.unwrapped(empty));
    IllegalStateException outer = new IllegalStateException(RESET);
    assertSame(outer, Thrown.unwrapped(new CompletionException(outer)));
  }

  @Test
  void givesTheFailureThatIsCarriedOrMakesOne() {
    assertEquals(
        GONE, Thrown.failure(new CompletionException(new FinchException(GONE)), this::unforeseen));
    assertEquals("reset", Thrown.failure(RESET, this::unforeseen).message());
  }

  private Failure unforeseen(Throwable cause) {
    return Failure.permanent(FailureCode.INTERNAL, String.valueOf(cause.getMessage()), null);
  }
}
