package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.wire.FinchJson;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Keeps the contract of an answer over a connection that may break: its last event is always {@code
 * Finished} or {@code Failed}, and nothing follows it. For one use.
 */
final class RemoteAnswer {

  private boolean over;

  private RemoteAnswer() {}

  static Source<AnswerEvent, NotUsed> events(Source<JsonNode, NotUsed> lines) {
    RemoteAnswer answer = new RemoteAnswer();
    return lines
        .map(line -> FinchJson.read(line, AnswerEvent.class))
        .recover(
            new PFBuilder<Throwable, AnswerEvent>()
                .matchAny(thrown -> new AnswerEvent.Failed(failure(thrown)))
                .build())
        .map(answer::seen)
        .takeWhile(_ -> !answer.over, true)
        .concatLazy(Source.lazySource(answer::rest));
  }

  private AnswerEvent seen(AnswerEvent event) {
    over = event instanceof AnswerEvent.Terminal;
    return event;
  }

  private Source<AnswerEvent, NotUsed> rest() {
    return over ? Source.empty() : Source.single(new AnswerEvent.Failed(cut()));
  }

  private static Failure failure(Throwable thrown) {
    return thrown instanceof FinchException known ? known.failure() : cut();
  }

  private static Failure cut() {
    return Failure.passing(
        FailureCode.PROVIDER_LOST, "The connection to Finch was lost in an answer.", "Ask again.");
  }
}
