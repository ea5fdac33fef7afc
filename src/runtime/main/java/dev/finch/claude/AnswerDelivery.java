package dev.finch.claude;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Hands one answer on to its reader: content against demand, {@code Started} before the first of
 * it, and the end after the last. Not thread-safe.
 */
final class AnswerDelivery {

  private final Inference.Generate order;
  private final Deque<AnswerEvent.Content> pending = new ArrayDeque<>();
  private String model;
  private TokenUsage prompt = TokenUsage.NONE;
  private long demand;
  private boolean anyContent;
  private boolean started;
  private boolean over;
  private AnswerEvent.@Nullable Terminal end;
  private Inference.@Nullable Egress egress;

  /**
   * @param model the model that was asked, until {@link #answeredBy} says better
   */
  AnswerDelivery(Inference.Generate order, String model) {
    this.order = order;
    this.model = model;
    this.demand = order.demand();
  }

  /** The model that says that it answers. */
  void answeredBy(@Nullable String named) {
    model = named == null ? model : named;
  }

  /** What Claude says the prompt takes. */
  void promptTook(TokenUsage tokens) {
    prompt = tokens;
  }

  void add(AnswerEvent.Content content) {
    anyContent = true;
    pending.add(content);
  }

  /** The reader has room for more. */
  void demand(int count) {
    demand += count;
  }

  /**
   * Nothing comes after this. Only the first end counts.
   *
   * @param egress what the last request sent, or null where that was told before
   */
  void end(AnswerEvent.Terminal end, Inference.@Nullable Egress egress) {
    if (this.end == null) {
      this.end = end;
      this.egress = egress;
    }
  }

  /** Hands on what there is demand for, and the end when nothing is left before it. */
  void flush() {
    while (demand > 0 && !pending.isEmpty()) {
      demand--;
      start();
      emit(pending.poll());
    }
    if (pending.isEmpty() && end != null && !over) {
      over = true;
      if (end instanceof AnswerEvent.Finished) {
        start();
      }
      if (egress != null) {
        order.replyTo().tell(egress);
      }
      emit(end);
    }
  }

  /** Whether any content came, handed on or not: from then on nothing may be tried again. */
  boolean anyContent() {
    return anyContent;
  }

  /** Whether all content was handed on. */
  boolean drained() {
    return pending.isEmpty();
  }

  /** Whether the end is known, handed on or not. */
  boolean ending() {
    return end != null;
  }

  /** Whether the end was handed on. */
  boolean over() {
    return over;
  }

  private void start() {
    if (!started) {
      started = true;
      emit(new AnswerEvent.Started(Provenance.claude(model, order.reason()), prompt));
    }
  }

  private void emit(AnswerEvent event) {
    order.replyTo().tell(new Inference.Emitted(order.attempt(), event));
  }
}
