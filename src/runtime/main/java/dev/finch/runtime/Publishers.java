package dev.finch.runtime;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Sources for whoever does not work with Pekko. */
final class Publishers {

  private Publishers() {}

  /**
   * Runs the source anew for each subscriber, and only then.
   *
   * @param lastWords what is said where the system ends before the source does
   * @param failure what it fails with then, or null to complete
   */
  static <T> Flow.Publisher<T> of(
      Source<T, NotUsed> source,
      ActorSystem<?> system,
      List<? extends T> lastWords,
      @Nullable Failure failure) {
    return subscriber ->
        source.runWith(
            JavaFlowSupport.Sink.fromSubscriber(
                new OrderlyEnd<T>(requireNonNull(subscriber, "subscriber"), lastWords, failure)),
            system);
  }

  /** What the sink makes of the source; cancelling it cancels the source. */
  static <T, R> CompletableFuture<R> result(
      Source<T, NotUsed> source, Sink<T, CompletionStage<R>> sink, ActorSystem<?> system) {
    CompletableFuture<R> result = new CompletableFuture<>();
    Pair<UniqueKillSwitch, CompletionStage<R>> run =
        source.viaMat(KillSwitches.single(), Keep.right()).toMat(sink, Keep.both()).run(system);
    run.second()
        .whenComplete(
            (value, thrown) -> {
              if (thrown == null) {
                result.complete(value);
              } else {
                result.completeExceptionally(thrown);
              }
            });
    result.whenComplete(
        (_, _) -> {
          if (result.isCancelled()) {
            run.first().shutdown();
          }
        });
    return result;
  }
}
