package dev.finch.http;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One streamed answer: waits a while for the first content, so that the head can say who answers
 * and a failure gets its status; then turns events into frames, keeps the silence alive, and cuts
 * the connection after an error frame, because a clean end after one is read as success by popular
 * clients.
 *
 * <p>Used by one stage at a time; futures hand it over.
 */
final class AnswerStream {

  /** Time for an error frame to leave before the reset that would discard it. */
  private static final Duration LINGER = Duration.ofMillis(200);

  private final ActorSystem<?> system;
  private final Call call;
  private final AnswerWriter writer;
  private final SinkQueueWithCancel<Answers.Choice> queue;
  private final Runnable leave;

  /** The first event, which is asked for before the frames are; null once it was taken. */
  private @Nullable CompletableFuture<Optional<Answers.Choice>> first;

  private int open;
  private @Nullable Provenance who;
  private boolean broken;
  private boolean ended;

  AnswerStream(
      ActorSystem<?> system,
      Call call,
      AnswerWriter writer,
      Source<Answers.Choice, NotUsed> choices,
      int count) {
    this.system = system;
    this.call = call;
    this.writer = writer;
    this.queue = choices.runWith(Sink.queue(), system);
    this.leave = queue::cancel;
    this.open = count;
  }

  CompletionStage<HttpResponse> start(Duration headWait, Duration heartbeat) {
    call.connection().whenGone(leave);
    CompletableFuture<Optional<Answers.Choice>> asked = firstContent(queue).toCompletableFuture();
    first = asked;
    return asked
        .thenApply(_ -> true)
        .completeOnTimeout(false, headWait.toMillis(), MILLISECONDS)
        .thenApply(
            known -> {
              if (known) {
                look(asked.join());
              }
              return response(heartbeat);
            })
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                close();
              }
            });
  }

  /** Lets a failure become the response's status, and the head name who answers. */
  private void look(Optional<Answers.Choice> next) {
    switch (next.map(Answers.Choice::event).orElse(null)) {
      case AnswerEvent.Failed failed -> throw new FinchException(failed.failure());
      case AnswerEvent.Started started -> who = started.provenance();
      case null, default -> {}
    }
  }

  private HttpResponse response(Duration heartbeat) {
    Source<ByteString, NotUsed> frames =
        Source.<ByteString, SinkQueueWithCancel<Answers.Choice>>unfoldResourceAsync(
                () -> CompletableFuture.completedFuture(queue), _ -> next(), _ -> close())
            .filter(frame -> !frame.isEmpty())
            .keepAlive(heartbeat, () -> ByteString.fromString(writer.keepAlive()));
    return Replies.stream(writer.contentType(), frames).addHeaders(Replies.provenance(who));
  }

  private CompletionStage<Optional<ByteString>> next() {
    if (broken) {
      return Patterns.after(
          LINGER, system, () -> CompletableFuture.failedFuture(new AnswerBrokenException()));
    }
    if (ended) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<Answers.Choice>> asked = first;
    first = null;
    return (asked == null ? queue.pull() : asked).thenApply(this::frame);
  }

  private Optional<ByteString> frame(Optional<Answers.Choice> next) {
    if (next.isEmpty()) {
      return bytes(broken(lost()));
    }
    Answers.Choice choice = next.get();
    return switch (choice.event()) {
      case AnswerEvent.Failed failed -> bytes(broken(failed.failure()));
      case AnswerEvent.Started started -> {
        who = started.provenance();
        yield bytes(writer.event(choice.index(), started));
      }
      case AnswerEvent.Finished finished -> {
        String frames = writer.event(choice.index(), finished);
        open--;
        ended = open == 0;
        yield bytes(ended ? frames + writer.end(requireNonNull(who)) : frames);
      }
      default -> bytes(writer.event(choice.index(), choice.event()));
    };
  }

  private String broken(Failure failure) {
    broken = true;
    return writer.broken(failure);
  }

  private CompletionStage<Done> close() {
    call.connection().forget(leave);
    queue.cancel();
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private static CompletionStage<Optional<Answers.Choice>> firstContent(
      SinkQueueWithCancel<Answers.Choice> queue) {
    return queue
        .pull()
        .thenCompose(
            next ->
                next.isPresent() && next.get().event() instanceof AnswerEvent.Queued
                    ? firstContent(queue)
                    : CompletableFuture.completedFuture(next));
  }

  private static Optional<ByteString> bytes(String frames) {
    return Optional.of(ByteString.fromString(frames));
  }

  private static Failure lost() {
    return Failure.passing(
        FailureCode.PROVIDER_LOST,
        "The answer ended without saying that it was complete.",
        "Ask again.");
  }
}
