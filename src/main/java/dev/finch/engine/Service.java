package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Inference.CountFailed;
import dev.finch.inference.Inference.CountTokens;
import dev.finch.inference.Inference.Counted;
import dev.finch.inference.Inference.Embed;
import dev.finch.inference.Inference.Generate;
import dev.finch.inference.Inference.Rejected;
import dev.finch.inference.RouteReason;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a loaded model does: it admits requests, lets them wait for a slot, and decodes. Confined to
 * the engine's thread.
 */
final class Service implements AutoCloseable {

  private final EngineSettings settings;
  private final ModelInfo info;
  private final PromptEncoder encoder;
  private final Admission admission;
  private final PrefixCache cache;
  private final Decoder decoder;
  private final Embedder embedder;
  private final Map<String, Attempt> accepted = new LinkedHashMap<>();
  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final List<Attempt> ended = new ArrayList<>();
  private boolean embedding;

  Service(
      Engine engine,
      EngineSettings settings,
      ModelInfo info,
      LocalModel model,
      LongSupplier clock) {
    this.settings = settings;
    this.info = info;
    encoder = new PromptEncoder(engine);
    encoder.warmUp();
    admission =
        new Admission(settings, info, encoder, engine.facts().weights().vocabularySize(), clock);
    int scratch = engine.facts().room().sequences() - 1;
    cache = new PrefixCache(engine, SavedConversations.of(engine, settings, info, model), scratch);
    decoder = new Decoder(engine, cache, settings, info, clock);
    embedder = new Embedder(engine, info, cache, scratch, settings.pooling());
  }

  ModelInfo info() {
    return info;
  }

  /** Takes a request on, or tells its sender why not; null in the latter case. */
  @Nullable Attempt submit(Generate generate) {
    try {
      requirePlace();
      Attempt attempt = admission.admit(generate);
      accepted.put(attempt.name(), attempt);
      if (decoder.hasFreeSlot()) {
        start(attempt);
      } else {
        waiting.addLast(attempt);
        tellPosition(attempt, waiting.size());
      }
      return attempt;
    } catch (RuntimeException e) {
      generate.replyTo().tell(new Rejected(generate.attempt(), failure(e)));
      return null;
    }
  }

  // No request may end the model for all others; only the kind of a surprise is told, since its
  // message may quote the prompt.
  private static Failure failure(RuntimeException e) {
    return e instanceof FinchException known
        ? known.failure()
        : Failure.permanent(
            FailureCode.INTERNAL, "The request failed with " + e.getClass().getName() + ".", null);
  }

  private void requirePlace() {
    if (!decoder.hasFreeSlot() && waiting.size() >= settings.queueLimit()) {
      throw new FinchException(
          Failure.passing(
              FailureCode.BUSY,
              "%s answers %d prompts and %d wait (limit: %d)."
                  .formatted(info.name(), decoder.busy(), waiting.size(), settings.queueLimit()),
              "Ask again later."));
    }
  }

  private void start(Attempt attempt) {
    try {
      decoder.start(attempt);
    } catch (RuntimeException e) {
      attempt.outbox().fail(new AnswerEvent.Failed(failure(e)));
    }
  }

  void count(CountTokens question) {
    try {
      question.replyTo().tell(new Counted(encoder.encode(question.request()).tokens().length));
    } catch (RuntimeException e) {
      question.replyTo().tell(new CountFailed(failure(e)));
    }
  }

  void demand(String attempt, int count) {
    Attempt known = accepted.get(attempt);
    if (known != null) {
      known.outbox().demand(count);
    }
  }

  /** Ends an answer without a word. */
  void cancel(String attempt) {
    Attempt known = accepted.remove(attempt);
    if (known == null) {
      return;
    }
    ended.add(known);
    decoder.cancel(attempt);
    if (waiting.remove(known)) {
      tellPositions();
    }
    startWaiting();
  }

  /** Ends an answer and says why. */
  void fail(String attempt, Failure failure) {
    Attempt known = accepted.get(attempt);
    if (known != null) {
      known.outbox().fail(new AnswerEvent.Failed(failure));
      cancel(attempt);
    }
  }

  void embed(Embed request) {
    embedder.submit(request);
  }

  boolean runnable() {
    return decoder.runnable() || !embedder.idle();
  }

  /** Whether there is nothing to do and nothing under way. */
  boolean idle() {
    return accepted.isEmpty() && embedder.idle();
  }

  /**
   * Decodes one step, of answers and of embeddings in turn.
   *
   * @throws RuntimeException where the engine failed; every answer has been told
   */
  void step() {
    try {
      embedding = !embedder.idle() && !(embedding && decoder.runnable());
      if (embedding) {
        embedder.step(decoder.promptBudget());
      } else {
        decoder.step();
      }
    } catch (RuntimeException e) {
      AnswerEvent.Failed failed = new AnswerEvent.Failed(failure(e));
      accepted.values().forEach(each -> each.outbox().fail(failed));
      throw e;
    }
    startWaiting();
  }

  private void startWaiting() {
    boolean started = false;
    while (!waiting.isEmpty() && decoder.hasFreeSlot()) {
      start(waiting.removeFirst());
      started = true;
    }
    if (started) {
      tellPositions();
    }
  }

  private void tellPositions() {
    int position = 1;
    for (Attempt attempt : waiting) {
      tellPosition(attempt, position++);
    }
  }

  private static void tellPosition(Attempt attempt, int position) {
    attempt.outbox().queued(new AnswerEvent.Queued(position, RouteReason.LOCAL_BUSY));
  }

  /** Forgets the answers that have ended, and gives them. */
  List<Attempt> takeEnded() {
    for (Attempt attempt : List.copyOf(accepted.values())) {
      if (attempt.outbox().ended()) {
        accepted.remove(attempt.name());
        ended.add(attempt);
      }
    }
    List<Attempt> taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  /** The answers that were accepted and have not ended. */
  Collection<Attempt> accepted() {
    return accepted.values();
  }

  int busy() {
    return decoder.busy();
  }

  /** Tokens that conversations hold in the KV cache. */
  long cachedTokens() {
    return cache.tokens();
  }

  int queued() {
    return waiting.size();
  }

  /** Keeps what is worth it of idle conversations; before the engine is freed. */
  void saveConversations() {
    cache.saveAll();
  }

  /** Frees the engine. Idempotent. */
  @Override
  public void close() {
    decoder.close();
  }
}
