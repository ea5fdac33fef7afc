package dev.finch.engine;

import static java.util.Objects.requireNonNull;

import dev.finch.engine.StepPlanner.Want;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Timings;
import dev.finch.inference.TokenLogprob;
import dev.finch.inference.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One answer while it is being decoded: where it stands, and what comes next. */
final class Sequence {

  // Pieces of a prompt whose rounding must not depend on the machine's load are of this size.
  private static final int DETERMINISTIC_PIECE = 64;

  private final Engine engine;
  private final PreparedRequest attempt;
  private final PrefixCache.Lease lease;
  private final Sampler sampler;
  private final Detokenizer text;
  private final int contextLength;
  private final long startedAt;

  private int position;
  private int next;
  private int completionTokens;
  private int reasoningTokens;
  private long firstTokenAt;
  private long firstContentAt;
  private int outputIndex = -1;
  private @Nullable FinishReason finished;
  private boolean abandoned;

  Sequence(
      Engine engine,
      PreparedRequest attempt,
      PrefixCache.Lease lease,
      int contextLength,
      long now) {
    this.engine = engine;
    this.attempt = attempt;
    this.lease = lease;
    this.contextLength = contextLength;
    startedAt = now;
    position = lease.cached();
    text = new Detokenizer(engine, attempt.request(), attempt.prompt().rendered());
    sampler = engine.sampler(attempt.sampling(), attempt.grammar());
    outbox().prompt(usage());
    int[] prompt = attempt.prompt().tokens();
    int window = requireNonNull(attempt.sampling().penaltyLastN());
    for (int i = Math.max(0, prompt.length - window); i < prompt.length; i++) {
      sampler.accept(prompt[i]);
    }
  }

  PreparedRequest attempt() {
    return attempt;
  }

  Outbox outbox() {
    return attempt.outbox();
  }

  int number() {
    return lease.sequence();
  }

  /** What it wants of the next step. */
  Want want() {
    boolean deterministic = attempt.sampling().deterministic();
    return new Want(
        deterministic ? this : attempt.adapters(),
        deterministic ? Math.min(DETERMINISTIC_PIECE, promptTokensLeft()) : promptTokensLeft(),
        deterministic);
  }

  private int promptTokensLeft() {
    return Math.max(0, attempt.prompt().tokens().length - position);
  }

  /** Whether it can take part in a step: a reader without demand pauses it once it generates. */
  boolean runnable() {
    return !finished() && (promptTokensLeft() > 0 || outbox().open());
  }

  /** Puts its next tokens into a step. */
  void contribute(int tokens, StepBatch batch, PrefixCache cache) {
    int[] prompt = attempt.prompt().tokens();
    outputIndex = -1;
    for (int i = 0; i < tokens; i++) {
      int token = position < prompt.length ? prompt[position] : next;
      boolean last = position >= prompt.length - 1;
      int index = batch.add(token, position, number(), last);
      cache.append(number(), token);
      position++;
      if (last) {
        outputIndex = index;
      }
    }
  }

  /** Takes back what it contributed to a step that was not done. */
  void withdraw(int tokens, PrefixCache cache) {
    position -= tokens;
    cache.retract(number(), tokens);
    outputIndex = -1;
  }

  /** After the step: chooses the next token where the step gave its logits. */
  void advance(long now) {
    if (outputIndex < 0) {
      return;
    }
    next = sampler.sample(outputIndex);
    completionTokens++;
    if (completionTokens == 1) {
      firstTokenAt = now;
    }
    if (engine.endsGeneration(next)) {
      end(FinishReason.STOP, now);
      return;
    }
    emit(text.add(next, logprob()), now);
    if (text.thinking()) {
      reasoningTokens++;
    }
    if (text.stopped()) {
      end(FinishReason.STOP_SEQUENCE, now);
    } else if (text.done()) {
      end(FinishReason.STOP, now);
    } else if (completionTokens >= maxTokens()) {
      end(FinishReason.LENGTH, now);
    } else if (position >= contextLength) {
      end(FinishReason.CONTEXT_FULL, now);
    }
  }

  private @Nullable TokenLogprob logprob() {
    Integer alternatives = attempt.sampling().logprobs();
    return alternatives == null
        ? null
        : Logprobs.of(engine, engine.logits(outputIndex), next, alternatives);
  }

  private int maxTokens() {
    return requireNonNull(attempt.sampling().maxTokens());
  }

  private void emit(List<AnswerEvent.Content> content, long now) {
    if (!content.isEmpty() && firstContentAt == 0) {
      firstContentAt = now;
    }
    content.forEach(outbox()::content);
  }

  private void end(FinishReason reason, long now) {
    emit(text.finish(reason != FinishReason.STOP), now);
    finished = reason == FinishReason.STOP && text.calledTools() ? FinishReason.TOOL_CALLS : reason;
    String stop = reason == FinishReason.STOP_SEQUENCE ? text.stop() : null;
    outbox().finish(new AnswerEvent.Finished(finished, usage(), timings(now), Cost.FREE, stop));
  }

  /** The answer cannot go on; its reader has been told. */
  void abandon() {
    abandoned = true;
  }

  /** Whether its place in the engine is free again; its last events may still wait for demand. */
  boolean finished() {
    return finished != null || abandoned;
  }

  private TokenUsage usage() {
    return new TokenUsage(
        attempt.prompt().tokens().length, lease.cached(), completionTokens, reasoningTokens, 0);
  }

  private Timings timings(long now) {
    long submitted = attempt.submittedAt();
    long first = firstContentAt == 0 ? now : firstContentAt;
    return Timings.of(
        Duration.ofNanos(startedAt - submitted),
        Duration.ofNanos(first - submitted),
        Duration.ofNanos(now - submitted),
        perSecond(attempt.prompt().tokens().length - lease.cached(), firstTokenAt - startedAt),
        perSecond(completionTokens - 1, now - firstTokenAt));
  }

  private static double perSecond(int tokens, long nanos) {
    return tokens <= 0 || nanos <= 0 ? 0 : tokens * 1e9 / nanos;
  }

  /** Frees what it holds of the engine. */
  void close() {
    sampler.close();
  }
}
