package dev.finch.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import dev.finch.wire.FinchJson;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Keeps the contract of an answer over a connection that may break: its last event is always {@code
 * Finished} or {@code Failed}, and nothing follows it. For one use.
 */
final class RemoteAnswer {

  private final boolean elsewhere;
  private boolean over;

  private RemoteAnswer(boolean elsewhere) {
    this.elsewhere = elsewhere;
  }

  /**
   * @param elsewhere whether the server lies on another machine, to which its own model is local
   */
  static Source<AnswerEvent, NotUsed> events(Source<JsonNode, NotUsed> lines, boolean elsewhere) {
    RemoteAnswer answer = new RemoteAnswer(elsewhere);
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
    return elsewhere && event instanceof AnswerEvent.Started started
        ? new AnswerEvent.Started(seenFromHere(started.provenance()))
        : event;
  }

  private static Provenance seenFromHere(Provenance who) {
    return who.provider() == Provenance.Provider.LOCAL
        ? new Provenance(Provenance.Provider.PEER, who.model(), who.reason(), who.demonstration())
        : who;
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
