package dev.finch.claude;

import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import dev.finch.provider.Breaker;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint beside that of answers, with a breaker of its own: what fails there says nothing
 * about answers, and is not asked for over and over. Not thread-safe.
 */
final class GuardedEndpoint {

  private Breaker breaker;
  private boolean probe;

  GuardedEndpoint(Breaker.Settings settings) {
    this.breaker = Breaker.closed(settings);
  }

  /** Why it may not be called now, or null where it may. */
  @Nullable Failure whyNot(Instant now) {
    return breaker.whyNot(now);
  }

  /** It is called. */
  void called(Instant now) {
    probe |= breaker.halfOpen(now);
    breaker = breaker.asked(now);
  }

  /** A call has ended. */
  void ended(@Nullable Throwable thrown, Instant now) {
    if (thrown == null) {
      breaker = breaker.succeeded();
    } else if (Thrown.unwrapped(thrown) instanceof FinchException finch) {
      breaker = breaker.failed(finch.failure(), probe, now);
    } else {
      breaker = breaker.learntNothing(probe);
    }
    probe = false;
  }
}
