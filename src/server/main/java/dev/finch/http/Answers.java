package dev.finch.http;

import static java.util.Objects.requireNonNull;

import dev.finch.Finch;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.TokenLogprob;
import dev.finch.streams.FinchSources;
import dev.finch.wire.AnswerCollector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Asks the runtime and gives back whole or streamed answers, ended when their client leaves. */
final class Answers {

  /**
   * Answers of one request that are made at once; the others follow. More would be refused where
   * few may wait for the model, which is for many requests and not for one.
   */
  private static final int AT_ONCE = 64;

  /** An event of one of the answers that a request asked for. */
  record Choice(int index, AnswerEvent event) {}

  /**
   * A whole answer with what only some dialects tell.
   *
   * @param logprobs of its tokens, where they were asked for
   * @param finished how it ended
   */
  record Whole(Answer answer, List<TokenLogprob> logprobs, AnswerEvent.Finished finished) {}

  private final Finch finch;
  private final ActorSystem<?> system;
  private final Telemetry telemetry;
  private final Duration headWait;
  private final Duration heartbeat;

  Answers(Finch finch, ActorSystem<?> system, Telemetry telemetry, HttpSettings settings) {
    this.finch = finch;
    this.system = system;
    this.telemetry = telemetry;
    this.headWait = settings.headWait();
    this.heartbeat = settings.heartbeat();
  }

  /** All answers, whole, as one response. */
  CompletionStage<HttpResponse> whole(
      Call call, List<GenerateRequest> requests, Function<List<Whole>, HttpResponse> renderer) {
    SharedKillSwitch end = KillSwitches.shared(call.id());
    Runnable leave = end::shutdown;
    call.connection().whenGone(leave);
    return Source.from(requests)
        .mapAsync(
            AT_ONCE,
            request ->
                events(call, request)
                    .via(end.flow())
                    .runFold(new Collection(), Collection::with, system)
                    .thenApply(Collection::whole))
        .runWith(Sink.seq(), system)
        .whenComplete((_, failure) -> endOthers(failure, end))
        .thenApply(
            all ->
                renderer
                    .apply(all)
                    .addHeaders(Replies.provenance(all.getFirst().answer().provenance())))
        .whenComplete((_, _) -> call.connection().forget(leave));
  }

  /** The answers as they come, in one stream of frames. */
  CompletionStage<HttpResponse> stream(
      Call call, List<GenerateRequest> requests, AnswerWriter writer) {
    Source<Choice, NotUsed> choices =
        requests.size() == 1
            ? choice(call, requests, 0)
            : Source.range(0, requests.size() - 1)
                .flatMapMerge(AT_ONCE, index -> choice(call, requests, index));
    return new StreamedResponse(system, call, writer, requests.size())
        .start(choices, headWait, heartbeat);
  }

  private Source<Choice, NotUsed> choice(Call call, List<GenerateRequest> requests, int index) {
    return events(call, requests.get(index)).map(event -> new Choice(index, event));
  }

  /** The events of one answer, noted on their way for the log, the metrics and the registry. */
  Source<AnswerEvent, NotUsed> events(Call call, GenerateRequest request) {
    return FinchSources.stream(finch, request).via(telemetry.watch(call, request));
  }

  private static final class Collection {
    private final AnswerCollector answer = new AnswerCollector();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private AnswerEvent.@Nullable Finished finished;

    Collection with(AnswerEvent event) {
      answer.add(event);
      if (event instanceof AnswerEvent.Delta delta) {
        logprobs.addAll(delta.logprobs());
      } else if (event instanceof AnswerEvent.Finished end) {
        finished = end;
      }
      return this;
    }

    Whole whole() {
      return new Whole(answer.answer(), logprobs, requireNonNull(finished));
    }
  }

  private static void endOthers(@Nullable Throwable failure, SharedKillSwitch end) {
    if (failure != null) {
      end.shutdown();
    }
  }
}
