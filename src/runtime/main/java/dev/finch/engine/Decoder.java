package dev.finch.engine;

import dev.finch.engine.StepPlanner.Share;
import dev.finch.engine.StepPlanner.Want;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.model.ModelInfo;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The live sequences of one engine, decoded a step at a time, all of them in one batch. Confined to
 * the engine's thread.
 */
final class Decoder implements AutoCloseable {

  private final Engine engine;
  private final PrefixCache cache;
  private final int slots;
  private final int contextLength;
  private final LongSupplier clock;
  private final PromptBudget shared;
  private final PromptBudget alone;
  private final StepBatch batch = new StepBatch();
  private final List<Sequence> live = new ArrayList<>();
  private int turn;

  Decoder(
      Engine engine,
      PrefixCache cache,
      EngineSettings settings,
      ModelInfo info,
      LongSupplier clock) {
    this.engine = engine;
    this.cache = cache;
    this.clock = clock;
    slots = info.slots();
    contextLength = info.contextLength();
    int most = engine.facts().room().batchTokens();
    shared = new PromptBudget(settings.stepTarget(), most);
    alone = new PromptBudget(settings.aloneStepTarget(), most);
  }

  boolean hasFreeSlot() {
    return live.size() < slots;
  }

  int busy() {
    return live.size();
  }

  /** Prompt tokens that a step can process in the time that it should take now. */
  int promptBudget() {
    return budget().tokens();
  }

  private PromptBudget budget() {
    return live.size() > 1 ? shared : alone;
  }

  /** Whether a step would do anything. */
  boolean runnable() {
    return live.stream().anyMatch(Sequence::runnable);
  }

  /** Begins an answer; there must be a free slot. */
  void start(PreparedRequest attempt) {
    PrefixCache.Lease lease =
        cache.lease(
            attempt.prompt().tokens(),
            attempt.request().conversationId(),
            attempt.adapters(),
            !attempt.sampling().deterministic());
    try {
      live.add(new Sequence(engine, attempt, lease, contextLength, clock.getAsLong()));
    } catch (RuntimeException e) {
      cache.release(lease.sequence());
      throw e;
    }
  }

  /** Ends an answer that nobody wants any more; nothing where it is not live. */
  void cancel(String attempt) {
    live.stream()
        .filter(sequence -> sequence.attempt().name().equals(attempt))
        .findFirst()
        .ifPresent(this::remove);
  }

  /**
   * Decodes one step for all sequences that can take part.
   *
   * @throws FinchException where the engine failed; no sequence can go on then
   */
  void step() {
    List<Sequence> ready = live.stream().filter(Sequence::runnable).toList();
    List<Want> wants = ready.stream().map(Sequence::want).toList();
    PromptBudget budget = budget();
    List<Share> shares =
        StepPlanner.plan(wants, turn++, budget.tokens(), engine.facts().room().batchTokens());
    if (shares.isEmpty()) {
      return;
    }
    long begun = clock.getAsLong();
    List<Share> done = decode(ready, shares);
    done.forEach(share -> advance(ready.get(share.index())));
    int promptTokens =
        done.stream()
            .filter(share -> wants.get(share.index()).promptTokens() > 0)
            .mapToInt(Share::tokens)
            .sum();
    if (promptTokens > 0) {
      budget.took(promptTokens, clock.getAsLong() - begun);
    }
    sweep();
  }

  /** Decodes the shares; where the cache is full, makes room or does a part of them. */
  private List<Share> decode(List<Sequence> ready, List<Share> shares) {
    List<Share> current = shares;
    while (true) {
      batch.clear();
      for (Share share : current) {
        ready.get(share.index()).contribute(share.tokens(), batch, cache);
      }
      engine.useAdapters(ready.get(current.getFirst().index()).attempt().adapters());
      if (engine.decode(batch)) {
        return current;
      }
      for (Share share : current) {
        ready.get(share.index()).withdraw(share.tokens(), cache);
      }
      if (!cache.evict()) {
        current = smaller(current);
      }
    }
  }

  private List<Share> smaller(List<Share> shares) {
    if (shares.size() == 1 && shares.getFirst().tokens() == 1) {
      throw new FinchException(
          Failure.passing(
              FailureCode.ENGINE_FAILED,
              "The cache of " + engine.facts().room().cells() + " tokens has no room for one more.",
              "Lower finch.engine.slots or raise finch.engine.context-length."));
    }
    if (shares.size() > 1) {
      return shares.subList(0, (shares.size() + 1) / 2);
    }
    Share only = shares.getFirst();
    return List.of(new Share(only.index(), only.tokens() / 2));
  }

  private void advance(Sequence sequence) {
    try {
      sequence.advance(clock.getAsLong());
    } catch (FinchException e) {
      sequence.outbox().fail(new AnswerEvent.Failed(e.failure()));
      sequence.abandon();
    }
  }

  private void sweep() {
    for (Iterator<Sequence> all = live.iterator(); all.hasNext(); ) {
      Sequence sequence = all.next();
      if (sequence.finished()) {
        all.remove();
        release(sequence);
      }
    }
  }

  private void remove(Sequence sequence) {
    live.remove(sequence);
    release(sequence);
  }

  private void release(Sequence sequence) {
    sequence.close();
    cache.release(sequence.number());
  }

  /** Frees the engine. Idempotent. */
  @Override
  public void close() {
    live.forEach(Sequence::close);
    live.clear();
    engine.close();
  }
}
