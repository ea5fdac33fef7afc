package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Streams of one JSON object a line. A failure is the last line. */
final class NdjsonStream {

  private static final Duration LINGER = Duration.ofMillis(200);

  private NdjsonStream() {}

  /**
   * A stream of an answer: after a failure the connection is cut, so that nobody takes it for
   * whole.
   */
  static HttpResponse answer(
      Source<ObjectNode, ?> lines,
      Function<Failure, ObjectNode> failed,
      Duration heartbeat,
      String keepAlive) {
    return stream(lines, failure -> broken(failed.apply(failure)), heartbeat, keepAlive);
  }

  /** A stream whose last line says by itself how it went: it ends in order after a failure, too. */
  static HttpResponse report(
      Source<ObjectNode, ?> lines,
      Function<Failure, ObjectNode> failed,
      Duration heartbeat,
      String keepAlive) {
    return stream(
        lines, failure -> Source.single(line(failed.apply(failure))), heartbeat, keepAlive);
  }

  private static HttpResponse stream(
      Source<ObjectNode, ?> lines,
      Function<Failure, Source<String, NotUsed>> ending,
      Duration heartbeat,
      String keepAlive) {
    Source<ByteString, NotUsed> bytes =
        lines
            .map(NdjsonStream::line)
            .recoverWithRetries(
                1,
                new PFBuilder<Throwable, Source<String, NotUsed>>()
                    .matchAny(thrown -> ending.apply(Refusals.failureOf(thrown)))
                    .build())
            .keepAlive(heartbeat, () -> keepAlive)
            .map(ByteString::fromString)
            .mapMaterializedValue(_ -> NotUsed.getInstance());
    return Replies.stream(Replies.LINES, bytes);
  }

  static String line(ObjectNode node) {
    return Json.write(node) + "\n";
  }

  private static Source<String, NotUsed> broken(ObjectNode last) {
    return Source.single(line(last)).concatLazy(Source.lazyCompletionStage(NdjsonStream::cut));
  }

  /** Fails a moment later, since the reset would discard a line that is still on its way. */
  private static CompletionStage<String> cut() {
    return CompletableFuture.supplyAsync(
        () -> {
          throw new AnswerBrokenException();
        },
        CompletableFuture.delayedExecutor(LINGER.toMillis(), TimeUnit.MILLISECONDS));
  }
}
