package dev.finch.runtime;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.supervisor.SupervisorSettings;
import dev.finch.supervisor.SupervisorSettings.Prepare;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * A Finch that is coming up on a thread of its own. What is asked of it before it is there waits;
 * what is asked after its end is refused. Thread-safe.
 */
final class Startup {

  private final CompletableFuture<RunningFinch> running;
  private final RuntimeState first;
  private volatile boolean closed;

  private Startup(CompletableFuture<RunningFinch> running, RuntimeState first) {
    this.running = running;
    this.first = first;
  }

  /** Begins at once and does not block. */
  static Startup of(Assembly assembly, Supplier<RunningFinch> start) {
    CompletableFuture<RunningFinch> running =
        CompletableFuture.supplyAsync(
            start, task -> Thread.ofPlatform().name("finch-start").daemon().start(task));
    return new Startup(running, first(assembly.settings().supervisor()));
  }

  /** What the Supervisor begins with. */
  private static RuntimeState first(SupervisorSettings settings) {
    return settings.prepare() == Prepare.NONE
        ? RuntimeState.EMPTY
        : RuntimeState.of(null, new ModelState.Selecting(settings.model()));
  }

  RuntimeState state() {
    if (running.isCompletedExceptionally()) {
      return RuntimeState.of(null, new ModelState.NotAvailable(whyNot()));
    }
    RunningFinch finch = running.getNow(null);
    return finch == null ? first : finch.state();
  }

  /** Blocks until it is up. */
  RunningFinch running() {
    try {
      return running.join();
    } catch (CompletionException e) {
      throw new FinchException(failure(e), e);
    }
  }

  /** Its work, as soon as it can be done; cancelling the stage cancels the work. */
  <T> CompletionStage<T> call(Function<RunningFinch, CompletionStage<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (closed) {
      result.completeExceptionally(new FinchException(over()));
      return result;
    }
    running.whenComplete(
        (finch, thrown) -> {
          if (thrown != null) {
            result.completeExceptionally(new FinchException(failure(thrown), thrown));
          } else if (!result.isDone()) {
            begin(result, () -> work.apply(finch));
          }
        });
    return result;
  }

  private <T> void begin(CompletableFuture<T> result, Supplier<CompletionStage<T>> work) {
    CompletableFuture<T> stage;
    try {
      stage = work.get().toCompletableFuture();
    } catch (RuntimeException e) {
      result.completeExceptionally(typed(e));
      return;
    }
    result.whenComplete(
        (_, _) -> {
          if (result.isCancelled()) {
            stage.cancel(true);
          }
        });
    stage.whenComplete(
        (value, thrown) -> {
          if (thrown == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(typed(thrown));
          }
        });
  }

  /**
   * Its publisher, subscribed to as soon as it is there.
   *
   * @param last what a subscriber still gets where that cannot be; nothing is an error instead
   */
  <T> Flow.Publisher<T> publisher(
      Function<RunningFinch, Flow.Publisher<T>> publisher, Function<Failure, List<T>> last) {
    return subscriber -> {
      requireNonNull(subscriber, "subscriber");
      if (closed) {
        TerminalSignal.to(subscriber, last.apply(over()), over());
        return;
      }
      running.whenComplete(
          (finch, thrown) -> {
            Failure failure = thrown == null ? null : failure(thrown);
            try {
              if (failure == null) {
                publisher.apply(finch).subscribe(subscriber);
              }
            } catch (IllegalStateException e) { // the system has just ended
              failure = over();
            }
            if (failure != null) {
              TerminalSignal.to(subscriber, last.apply(failure), failure);
            }
          });
    };
  }

  /** Its source, as soon as it is there. */
  <T> Source<T, NotUsed> source(
      Function<RunningFinch, Source<T, NotUsed>> source,
      Function<Failure, Source<T, NotUsed>> last) {
    if (closed) {
      return last.apply(over());
    }
    RunningFinch up = running.isCompletedExceptionally() ? null : running.getNow(null);
    if (up != null) {
      return source.apply(up);
    }
    return Source.completionStageSource(
            running.handle(
                (finch, thrown) ->
                    thrown == null ? source.apply(finch) : last.apply(failure(thrown))))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  void close() {
    closed = true;
    @Nullable RunningFinch finch = running.handle((up, _) -> up).join();
    if (finch != null) {
      finch.close();
    }
  }

  private Failure whyNot() {
    return failure(running.exceptionNow());
  }

  private FinchException typed(Throwable thrown) {
    Throwable cause = Thrown.unwrapped(thrown);
    return cause instanceof FinchException known
        ? known
        : new FinchException(closed ? over() : failure(cause), cause);
  }

  private static Failure failure(Throwable thrown) {
    return Thrown.failure(
        thrown,
        cause ->
            cause instanceof TimeoutException
                ? Failure.passing(
                    FailureCode.BUSY, "Finch did not reply in time.", "Ask again in a while.")
                : Failure.permanent(
                    FailureCode.INTERNAL,
                    "Finch met what it did not expect: " + cause + ".",
                    "The log has more."));
  }

  static Failure over() {
    return Failure.permanent(
        FailureCode.DRAINING, "This Finch is closed.", "Start another where it is still wanted.");
  }
}
