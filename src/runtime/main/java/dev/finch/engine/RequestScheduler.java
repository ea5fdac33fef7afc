package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.provider.Inference.CountFailed;
import dev.finch.provider.Inference.CountTokens;
import dev.finch.provider.Inference.Counted;
import dev.finch.provider.Inference.Embed;
import dev.finch.provider.Inference.EmbedFailed;
import dev.finch.provider.Inference.Generate;
import dev.finch.provider.Inference.Rejected;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a loaded model does: it admits requests, lets them wait for a slot, and decodes. Confined to
 * the engine's thread.
 */
final class RequestScheduler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RequestScheduler.class);

  private final EngineSettings settings;
  private final ModelInfo info;
  private final PromptEncoder encoder;
  private final RequestCheck requestCheck;
  private final PrefixCache cache;
  private final Decoder decoder;
  private final Embedder embedder;
  private final PromptTokenizer promptTokenizer = new PromptTokenizer();
  private final Consumer<Prepared> ready;
  private final LongSupplier clock;
  private final Map<String, Submission> accepted = new LinkedHashMap<>();
  private final Map<String, PromptTokenizer.Job> preparing = new HashMap<>();
  private final Deque<PreparedRequest> waiting = new ArrayDeque<>();
  private final List<Submission> ended = new ArrayList<>();
  private int inputsPreparing;
  private boolean embedding;

  /** What became of a text that was to be turned into tokens. */
  sealed interface Prepared {}

  private record PromptReady(PreparedRequest attempt) implements Prepared {}

  private record PromptRefused(Submission submission, Failure why) implements Prepared {}

  private record InputsReady(Embed request, List<int[]> inputs) implements Prepared {}

  /** Its sender has been told the count, or why there is none. */
  private record Answered() implements Prepared {}

  /**
   * @param ready is told by other threads what {@link #prepared} is to be told by this one
   */
  RequestScheduler(
      Engine engine,
      EngineSettings settings,
      ModelInfo info,
      LocalModel model,
      LongSupplier clock,
      Consumer<Prepared> ready) {
    this.settings = settings;
    this.clock = clock;
    this.ready = ready;
    encoder = new PromptEncoder(engine);
    List<String> notes = encoder.notes();
    notes.forEach(note -> LOG.warn("{}: {}", info.name(), note));
    this.info = info.demonstration() ? info : info.withNotes(notes);
    requestCheck =
        new RequestCheck(settings, info, encoder, engine.facts().weights().vocabularySize());
    int scratch = engine.facts().room().sequences() - 1;
    cache = new PrefixCache(engine, SavedConversations.of(engine, settings, info, model), scratch);
    decoder = new Decoder(engine, cache, settings, info, clock);
    embedder = new Embedder(engine, info, cache, scratch, settings.pooling());
  }

  ModelInfo info() {
    return info;
  }

  /** Takes a request on, or tells its sender why not; null in the latter case. */
  @Nullable Submission submit(Generate generate) {
    try {
      requirePlace();
    } catch (FinchException e) {
      generate.replyTo().tell(new Rejected(generate.attempt(), e.failure()));
      return null;
    }
    Provenance provenance = Provenance.local(info.name(), generate.reason(), info.demonstration());
    Outbox outbox =
        new Outbox(generate.attempt(), generate.replyTo(), provenance, generate.demand());
    Submission submission = new Submission(generate, outbox, clock.getAsLong());
    accepted.put(submission.name(), submission);
    preparing.put(
        submission.name(),
        promptTokenizer.submit(
            TextSize.of(submission.request()),
            requestCheck.counter(),
            task(
                counter -> ready.accept(new PromptReady(requestCheck.admit(submission, counter))),
                why -> ready.accept(new PromptRefused(submission, why)))));
    return submission;
  }

  private static PromptTokenizer.Task task(Consumer<TokenCounter> work, Consumer<Failure> failed) {
    return new PromptTokenizer.Task() {
      @Override
      public void run(TokenCounter counter) {
        work.accept(counter);
      }

      @Override
      public void failed(Failure why) {
        failed.accept(why);
      }
    };
  }

  /** Goes on with a text whose tokens are known, or ends its request. */
  void prepared(Prepared outcome) {
    switch (outcome) {
      case PromptReady(PreparedRequest attempt) when taken(attempt.submission()) -> {
        if (decoder.hasFreeSlot()) {
          start(attempt);
        } else {
          waiting.addLast(attempt);
          tellPosition(attempt, waiting.size());
        }
      }
      case PromptRefused(Submission submission, Failure why) when taken(submission) -> {
        accepted.remove(submission.name());
        ended.add(submission);
        submission.generate().replyTo().tell(new Rejected(submission.name(), why));
      }
      case PromptReady _, PromptRefused _ -> {} // it was cancelled
      case InputsReady(Embed request, List<int[]> inputs) -> {
        inputsPreparing--;
        embedder.submit(request, inputs);
      }
      case Answered _ -> inputsPreparing--;
    }
  }

  /** Whether this request was being prepared, and not another of its name. */
  private boolean taken(Submission submission) {
    return submission.equals(accepted.get(submission.name()))
        && preparing.remove(submission.name()) != null;
  }

  private void requirePlace() {
    int all = decoder.busy() + preparing.size() + waiting.size();
    if (all >= info.slots() + settings.queueLimit()) {
      throw new FinchException(
          Failure.passing(
              FailureCode.BUSY,
              "%s answers %d prompts and %d wait (limit: %d)."
                  .formatted(
                      info.name(), decoder.busy(), all - decoder.busy(), settings.queueLimit()),
              "Ask again later."));
    }
  }

  private void start(PreparedRequest attempt) {
    try {
      decoder.start(attempt);
    } catch (RuntimeException e) {
      attempt.outbox().fail(new AnswerEvent.Failed(PromptTokenizer.failure(e)));
    }
  }

  void count(CountTokens question) {
    prepare(
        TextSize.of(question.request()),
        counter -> {
          int tokens = encoder.encode(question.request(), counter).tokens().length;
          question.replyTo().tell(new Counted(tokens));
          ready.accept(new Answered());
        },
        why -> {
          question.replyTo().tell(new CountFailed(why));
          ready.accept(new Answered());
        });
  }

  void embed(Embed request) {
    prepare(
        request.inputs().stream().mapToLong(String::length).sum(),
        counter -> ready.accept(new InputsReady(request, embedder.encode(request, counter))),
        why -> {
          request.replyTo().tell(new EmbedFailed(why));
          ready.accept(new Answered());
        });
  }

  private void prepare(long characters, Consumer<TokenCounter> work, Consumer<Failure> failed) {
    inputsPreparing++;
    int most = info.slots() + settings.queueLimit();
    if (inputsPreparing > most) {
      failed.accept(
          Failure.passing(
              FailureCode.BUSY,
              "%s already looks at %d texts (limit: %d)."
                  .formatted(info.name(), inputsPreparing - 1, most),
              "Ask again later."));
      return;
    }
    promptTokenizer.submit(characters, TokenCounter.whole(), task(work, failed));
  }

  void demand(String attempt, int count) {
    Submission known = accepted.get(attempt);
    if (known != null) {
      known.outbox().demand(count);
    }
  }

  /** Ends an answer without a word. */
  void cancel(String attempt) {
    Submission known = accepted.remove(attempt);
    if (known == null) {
      return;
    }
    ended.add(known);
    PromptTokenizer.Job job = preparing.remove(attempt);
    if (job != null) {
      job.cancel();
    }
    decoder.cancel(attempt);
    if (waiting.removeIf(each -> each.name().equals(attempt))) {
      tellPositions();
    }
    startWaiting();
  }

  /** Ends an answer and says why. */
  void fail(String attempt, Failure failure) {
    Submission known = accepted.get(attempt);
    if (known != null) {
      known.outbox().fail(new AnswerEvent.Failed(failure));
      cancel(attempt);
    }
  }

  boolean runnable() {
    return decoder.runnable() || !embedder.idle();
  }

  /** Whether there is nothing to do and nothing under way. */
  boolean idle() {
    return accepted.isEmpty() && inputsPreparing == 0 && embedder.idle();
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
      AnswerEvent.Failed failed = new AnswerEvent.Failed(PromptTokenizer.failure(e));
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
    for (PreparedRequest attempt : waiting) {
      tellPosition(attempt, position++);
    }
  }

  private static void tellPosition(PreparedRequest attempt, int position) {
    attempt.outbox().queued(new AnswerEvent.Queued(position, RouteReason.LOCAL_BUSY));
  }

  /** Forgets the answers that have ended, and gives them. */
  List<Submission> takeEnded() {
    for (Submission attempt : List.copyOf(accepted.values())) {
      if (attempt.outbox().ended()) {
        accepted.remove(attempt.name());
        ended.add(attempt);
      }
    }
    List<Submission> taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  /** The answers that were accepted and have not ended. */
  Collection<Submission> accepted() {
    return accepted.values();
  }

  /** Slots that are taken, or will be by a prompt that is being prepared. */
  int busy() {
    return Math.min(info.slots(), decoder.busy() + preparing.size());
  }

  /** Tokens that conversations hold in the KV cache. */
  long cachedTokens() {
    return cache.tokens();
  }

  int queued() {
    return decoder.busy() + preparing.size() + waiting.size() - busy();
  }

  /** Keeps what is worth it of idle conversations; before the engine is freed. */
  void saveConversations() {
    cache.saveAll();
  }

  /** Frees the engine. Idempotent. */
  @Override
  public void close() {
    promptTokenizer.close();
    decoder.close();
  }
}
