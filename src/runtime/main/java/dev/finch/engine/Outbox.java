package dev.finch.engine;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.AnswerEvent.Delta;
import dev.finch.inference.AnswerEvent.Started;
import dev.finch.inference.AnswerEvent.Terminal;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference.Emitted;
import dev.finch.provider.Inference.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The events of one answer on their way to its reader: content against demand, {@code Started}
 * right before the first of it, the terminal event last.
 */
final class Outbox {

  private final String attempt;
  private final ActorRef<Reply> reader;
  private final Provenance provenance;
  private final Deque<AnswerEvent.Content> waiting = new ArrayDeque<>();
  private TokenUsage prompt = TokenUsage.NONE;
  private @Nullable Terminal end;
  private long demand;
  private boolean started;
  private boolean ended;

  Outbox(String attempt, ActorRef<Reply> reader, Provenance provenance, int demand) {
    this.attempt = attempt;
    this.reader = reader;
    this.provenance = provenance;
    this.demand = Math.max(0, demand);
  }

  /** The reader has room for more. */
  void demand(int count) {
    demand += Math.max(0, count);
    send();
  }

  /** Whether the next content could be sent at once. */
  boolean open() {
    return demand > 0 && waiting.isEmpty() && end == null;
  }

  /** Whether nothing can be sent until the reader has room again. */
  boolean stalled() {
    return demand == 0 && !ended;
  }

  /** Whether the terminal event has been sent. */
  boolean ended() {
    return ended;
  }

  /** What the prompt takes, known before the first content. */
  void prompt(TokenUsage tokens) {
    prompt = tokens;
  }

  void queued(AnswerEvent.Queued event) {
    tell(event);
  }

  void content(AnswerEvent.Content content) {
    if (content instanceof Delta next && waiting.peekLast() instanceof Delta last) {
      waiting.removeLast();
      waiting.addLast(joined(last, next));
    } else {
      waiting.addLast(content);
    }
    send();
  }

  /** The answer is complete; the event goes out once all content has. */
  void finish(AnswerEvent.Finished finished) {
    if (end == null) {
      end = finished;
      send();
    }
  }

  /** The answer ends here: what waits is dropped, since it could not be told from a whole one. */
  void fail(AnswerEvent.Failed failed) {
    if (!ended) {
      waiting.clear();
      end = failed;
      send();
    }
  }

  private void send() {
    while (demand > 0 && !waiting.isEmpty()) {
      start();
      demand--;
      tell(waiting.removeFirst());
    }
    Terminal terminal = end;
    if (terminal != null && waiting.isEmpty() && !ended) {
      if (terminal instanceof AnswerEvent.Finished) {
        start();
      }
      ended = true;
      tell(terminal);
    }
  }

  private void start() {
    if (!started) {
      started = true;
      tell(new Started(provenance, prompt));
    }
  }

  private void tell(AnswerEvent event) {
    reader.tell(new Emitted(attempt, event));
  }

  private static Delta joined(Delta first, Delta second) {
    List<TokenLogprob> logprobs = new ArrayList<>(first.logprobs());
    logprobs.addAll(second.logprobs());
    return new Delta(first.text() + second.text(), logprobs);
  }
}
