package dev.finch.runtime;

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

/** Sources for whoever does not work with Pekko. */
final class Publishers {

  private Publishers() {}

  /** Runs the source anew for each subscriber, and only then. */
  static <T> Flow.Publisher<T> of(Source<T, NotUsed> source, ActorSystem<?> system) {
    return subscriber -> run(source, subscriber, system);
  }

  private static <T> void run(
      Source<T, NotUsed> source, Flow.Subscriber<? super T> subscriber, ActorSystem<?> system) {
    @SuppressWarnings("unchecked") // it is handed elements only
    Flow.Subscriber<T> taker = (Flow.Subscriber<T>) subscriber;
    source.runWith(JavaFlowSupport.Sink.fromSubscriber(taker), system);
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
