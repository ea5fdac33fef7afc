package dev.finch.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One streamed answer as a response: its head waits a while for the first content, so that it can
 * say who answers and a failure gets its status; then {@link AnswerFrames} go out as they come.
 */
final class StreamedResponse {

  private final ActorSystem<?> system;
  private final Call call;
  private final AnswerWriter writer;
  private final int count;

  /**
   * @param count answers that must finish before the stream has
   */
  StreamedResponse(ActorSystem<?> system, Call call, AnswerWriter writer, int count) {
    this.system = system;
    this.call = call;
    this.writer = writer;
    this.count = count;
  }

  CompletionStage<HttpResponse> start(
      Source<Answers.Choice, NotUsed> choices, Duration headWait, Duration heartbeat) {
    var running =
        choices
            .viaMat(new AnswerFrames(writer, count, heartbeat), Keep.right())
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(system);
    AnswerFrames.Running answer = running.first();
    var frames = Source.fromPublisher(running.second());
    Runnable leave = answer::leave;
    Runnable probe = answer::probe;
    call.connection().whenGone(leave);
    call.connection().whenProbed(probe);
    answer
        .ended()
        .whenComplete(
            (_, _) -> {
              call.connection().forget(leave);
              call.connection().forget(probe);
            });
    return answer
        .head()
        .completeOnTimeout(Optional.empty(), headWait.toMillis(), MILLISECONDS)
        .thenApplyAsync(
            (Optional<Provenance> who) ->
                Replies.stream(writer.contentType(), frames)
                    .addHeaders(Replies.provenance(who.orElse(null))),
            system.executionContext());
  }
}
