package dev.finch.remote;

import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;

/**
 * Keeps the contract of an answer over a connection that may break: its last event is always {@code
 * Finished} or {@code Failed}, and nothing follows it. For one answer.
 *
 * @param elsewhere whether the server lies on another machine, to which its own model is local
 */
record RemoteAnswer(ServerReplies replies, boolean elsewhere) implements LineReader<AnswerEvent> {

  @Override
  public AnswerEvent read(String line) {
    AnswerEvent event = replies.value(replies.line(line), AnswerEvent.class);
    return elsewhere && event instanceof AnswerEvent.Started started
        ? new AnswerEvent.Started(seenFromHere(started.provenance()), started.prompt())
        : event;
  }

  private static Provenance seenFromHere(Provenance who) {
    return who.provider() == Provenance.Provider.LOCAL
        ? new Provenance(Provenance.Provider.PEER, who.model(), who.reason(), who.demonstration())
        : who;
  }

  @Override
  public boolean isLast(AnswerEvent event) {
    return event instanceof AnswerEvent.Terminal;
  }

  @Override
  public AnswerEvent ended() {
    return new AnswerEvent.Failed(replies.cut());
  }

  @Override
  public AnswerEvent failed(Failure failure) {
    return new AnswerEvent.Failed(failure);
  }
}
