package dev.finch.http;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One streamed answer: waits a while for the first content, so that the head can say who answers
 * and a failure gets its status; then turns events into frames, keeps the silence alive, and cuts
 * the connection after an error frame, because a clean end after one is read as success by popular
 * clients.
 *
 * <p>Its fields are touched by its own stream only, after the head was made.
 */
final class AnswerStream {

  /** Time for an error frame to leave before the reset that would discard it. */
  private static final Duration LINGER = Duration.ofMillis(200);

  private static final Failure LOST =
      Failure.passing(
          FailureCode.PROVIDER_LOST,
          "The answer ended without saying that it was complete.",
          "Ask again.");

  private final ActorSystem<?> system;
  private final Call call;
  private final AnswerWriter writer;
  private final SharedKillSwitch end;

  private int open;
  private @Nullable Provenance who;
  private boolean broken;
  private boolean ended;

  /**
   * @param count answers that must finish before the stream has
   */
  AnswerStream(ActorSystem<?> system, Call call, AnswerWriter writer, int count) {
    this.system = system;
    this.call = call;
    this.writer = writer;
    this.end = KillSwitches.shared(call.id());
    this.open = count;
  }

  CompletionStage<HttpResponse> start(
      Source<Answers.Choice, NotUsed> choices, Duration headWait, Duration heartbeat) {
    Runnable leave = end::shutdown;
    call.connection().whenGone(leave);
    CompletableFuture<Pair<List<Answers.Choice>, Source<Answers.Choice, NotUsed>>> split =
        choices
            .via(end.flow())
            .filterNot(choice -> choice.event() instanceof AnswerEvent.Queued)
            .prefixAndTail(1)
            .runWith(Sink.head(), system)
            .toCompletableFuture();
    Source<Answers.Choice, NotUsed> events =
        Source.completionStageSource(
                split.thenApply(parts -> Source.from(parts.first()).concatLazy(parts.second())))
            .mapMaterializedValue(_ -> NotUsed.getInstance());
    return split
        .thenApply(parts -> parts.first())
        .completeOnTimeout(List.of(), headWait.toMillis(), MILLISECONDS)
        .thenApplyAsync(
            first -> {
              first.forEach(this::look);
              return response(events, heartbeat, leave);
            },
            system.executionContext())
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                call.connection().forget(leave);
                end.shutdown();
              }
            });
  }

  /** Lets a failure become the response's status, and the head name who answers. */
  private void look(Answers.Choice first) {
    if (first.event() instanceof AnswerEvent.Failed failed) {
      throw new FinchException(failed.failure());
    }
    if (first.event() instanceof AnswerEvent.Started started) {
      who = started.provenance();
    }
  }

  private HttpResponse response(
      Source<Answers.Choice, NotUsed> events, Duration heartbeat, Runnable leave) {
    Source<ByteString, NotUsed> frames =
        events
            .map(this::frame)
            .takeWhile(_ -> !broken && !ended, true)
            .filterNot(String::isEmpty)
            .concatLazy(Source.lazySource(this::last))
            .keepAlive(heartbeat, writer::keepAlive)
            .map(ByteString::fromString)
            .watchTermination(
                (_, done) -> {
                  done.whenComplete((_, _) -> call.connection().forget(leave));
                  return NotUsed.getInstance();
                });
    return Replies.stream(writer.contentType(), frames).addHeaders(Replies.provenance(who));
  }

  private String frame(Answers.Choice choice) {
    return switch (choice.event()) {
      case AnswerEvent.Failed failed -> broken(failed.failure());
      case AnswerEvent.Started started -> {
        who = started.provenance();
        yield writer.event(choice.index(), started);
      }
      case AnswerEvent.Finished finished -> {
        String frames = writer.event(choice.index(), finished);
        open--;
        ended = open == 0;
        yield ended ? frames + writer.end(requireNonNull(who)) : frames;
      }
      default -> writer.event(choice.index(), choice.event());
    };
  }

  private String broken(Failure failure) {
    broken = true;
    return writer.broken(failure);
  }

  /** What follows the last event: nothing after a whole answer, the cut after a broken one. */
  private Source<String, NotUsed> last() {
    if (ended) {
      return Source.empty();
    }
    Source<String, NotUsed> cut =
        Source.<String>failed(new AnswerBrokenException()).initialDelay(LINGER);
    return broken ? cut : Source.single(broken(LOST)).concatLazy(cut);
  }
}
