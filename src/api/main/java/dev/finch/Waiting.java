package dev.finch;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Blocks until a stage is complete. Whoever is interrupted while waiting cancels it. */
final class Waiting {

  private Waiting() {}

  /**
   * What the stage gives.
   *
   * @throws FinchException with the stage's failure, thrown here so that its trace shows who
   *     waited; {@code CANCELLED} where this thread was interrupted, which stays interrupted
   */
  static <T> T on(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new FinchException(cancelled("The thread that waited for it was interrupted."), e);
    } catch (CancellationException e) {
      throw new FinchException(cancelled("It was cancelled."), e);
    } catch (ExecutionException e) {
      throw thrown(e.getCause() == null ? e : e.getCause());
    }
  }

  private static FinchException thrown(Throwable cause) {
    return cause instanceof FinchException known
        ? new FinchException(known.failure(), known)
        : new FinchException(
            Failure.permanent(
                FailureCode.INTERNAL, "Finch met what it did not expect: " + cause + ".", null),
            cause);
  }

  private static Failure cancelled(String message) {
    return Failure.permanent(FailureCode.CANCELLED, message, "Ask again where it is still wanted.");
  }
}
