package dev.finch.supervisor;

import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import dev.finch.model.RuntimeState;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/** Those who asked for the same thing and are told once when it has come about, or could not. */
final class Waiters {

  private final List<ActorRef<StatusReply<RuntimeState>>> waiting = new ArrayList<>();

  void add(ActorRef<StatusReply<RuntimeState>> replyTo) {
    waiting.add(replyTo);
  }

  void succeed(RuntimeState state) {
    tell(StatusReply.success(state));
  }

  void fail(Failure failure) {
    tell(StatusReply.error(new FinchException(failure)));
  }

  private void tell(StatusReply<RuntimeState> reply) {
    waiting.forEach(replyTo -> replyTo.tell(reply));
    waiting.clear();
  }
}
