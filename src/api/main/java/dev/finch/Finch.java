package dev.finch;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LoadRequest;
import dev.finch.model.ModelReference;
import dev.finch.model.PullRequest;
import dev.finch.model.RuntimeState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runtime that every surface uses: it answers prompts, by Claude until a local model is Ready
 * and locally from then on, and looks after the models.
 *
 * <p>Every piece of work has two forms. The plain name blocks the thread that calls it until the
 * work is done, which costs nothing on a virtual thread and must not be done by an actor; it throws
 * {@link FinchException}, and where the thread is interrupted it cancels the work, keeps the
 * interrupt flag, and throws {@link FailureCode#CANCELLED}. The name with {@code Async} returns at
 * once; its stage fails with {@link FinchException}, maybe inside a {@link
 * java.util.concurrent.CompletionException}, and cancelling its {@link
 * CompletionStage#toCompletableFuture()} cancels the work. A method says where its work goes on
 * nevertheless.
 *
 * <p>What comes bit by bit is a {@link Flow.Publisher}. Each subscription begins the work anew;
 * cancelling it ends the work. Publishers fail with {@link FinchException}; only those of answers
 * do not: they say it in their last event, {@link AnswerEvent.Failed}.
 *
 * <p>Once closed, everything fails with {@link FailureCode#DRAINING}. All methods are thread-safe.
 */
public interface Finch extends AutoCloseable {

  /** {@link #ask(GenerateRequest)} with one user message and every default. Blocks. */
  default Answer ask(String userMessage) {
    return ask(GenerateRequest.of(userMessage));
  }

  /**
   * The whole answer. Blocks until it is complete.
   *
   * @throws FinchException with the code of what kept it from being answered: of the request
   *     ({@code BAD_REQUEST}, {@code CONTEXT_OVERFLOW}, {@code DEADLINE_EXCEEDED}), of the models
   *     ({@code MODEL_NOT_READY}, {@code BUSY}, {@code ENGINE_FAILED}), of the cloud (the codes
   *     that begin with {@code CLAUDE}, {@code NO_API_KEY}, {@code BUDGET_SPENT}), {@code
   *     NOTHING_CAN_ANSWER} or {@code PROVIDER_LOST}
   */
  default Answer ask(GenerateRequest request) {
    return Waiting.on(askAsync(request));
  }

  /** {@link #askAsync(GenerateRequest)} with one user message and every default. */
  default CompletionStage<Answer> askAsync(String userMessage) {
    return askAsync(GenerateRequest.of(userMessage));
  }

  /** The whole answer, as {@link #ask(GenerateRequest)} gives it. Does not block. */
  CompletionStage<Answer> askAsync(GenerateRequest request);

  /**
   * The answer as it comes. It never fails: its last event is {@code Finished} or {@code Failed}.
   * Each subscription asks anew, so subscribe once; cancelling it stops the work within one decode
   * step. Content is produced only against demand. Does not block.
   */
  Flow.Publisher<AnswerEvent> stream(GenerateRequest request);

  /** {@link #embed(EmbedRequest)} by the local model that serves. Blocks. */
  default Embeddings embed(List<String> inputs) {
    return embed(EmbedRequest.of(inputs));
  }

  /**
   * An L2-normalised vector for each input, from the local model that was named. Another never
   * stands in for it: where it does not serve it is loaded under {@code requested-model = load},
   * and refused otherwise. Blocks.
   *
   * @throws FinchException with {@code MODEL_NOT_READY}, {@code UNSUPPORTED_MODEL} where the model
   *     cannot embed, {@code CONTEXT_OVERFLOW}, {@code BUSY} or {@code ENGINE_FAILED}
   */
  default Embeddings embed(EmbedRequest request) {
    return Waiting.on(embedAsync(request));
  }

  /** {@link #embedAsync(EmbedRequest)} by the local model that serves. */
  default CompletionStage<Embeddings> embedAsync(List<String> inputs) {
    return embedAsync(EmbedRequest.of(inputs));
  }

  /**
   * What {@link #embed(EmbedRequest)} gives. Does not block. What was handed to the model is worked
   * off even where nobody waits for it any more.
   */
  CompletionStage<Embeddings> embedAsync(EmbedRequest request);

  /**
   * The tokens that the request's prompt would have in the local model, template included; in
   * Claude's, which is then asked for it, where only Claude may answer. Blocks.
   *
   * @throws FinchException with {@code BAD_REQUEST}, {@code MODEL_NOT_READY} or, where Claude is
   *     asked, the codes of the cloud
   */
  default long countTokens(GenerateRequest request) {
    return Waiting.on(countTokensAsync(request));
  }

  /** What {@link #countTokens} gives. Does not block. */
  CompletionStage<Long> countTokensAsync(GenerateRequest request);

  /**
   * The state now. A runtime in this process gives what it knows and does not block; one that lies
   * in another process is asked for it.
   *
   * @throws FinchException with {@code PROVIDER_LOST} where the other process cannot be reached
   */
  RuntimeState state();

  /**
   * The state now, then every change once and in order. A slow reader skips download progress, and
   * nothing else. Completes when the runtime ends. Does not block.
   */
  Flow.Publisher<RuntimeState> states();

  /**
   * The catalogue and what else lies in the cache. Blocks while the machine is measured and the
   * disk is read.
   *
   * @throws FinchException with {@code CACHE_UNUSABLE}
   */
  default List<ModelListing> models() {
    return Waiting.on(modelsAsync());
  }

  /** What {@link #models} gives. Does not block. */
  CompletionStage<List<ModelListing>> modelsAsync();

  /**
   * The name under which {@link #models} lists the files of this model; the same where they are not
   * in the cache. Blocks while the disk is read.
   *
   * @throws FinchException with {@code UNKNOWN_MODEL} where nothing has this name; {@code
   *     BAD_REQUEST} where the runtime lies in another process, which does not tell
   */
  default ModelReference listedAs(ModelReference reference) {
    return Waiting.on(listedAsAsync(reference));
  }

  /** What {@link #listedAs} gives. Does not block. */
  CompletionStage<ModelReference> listedAsAsync(ModelReference reference);

  /**
   * What the header of a model's first file says: numbers ({@code Long}, {@code Double}), truth
   * values and texts by their names in GGUF, the chat template ({@code tokenizer.chat_template})
   * among them, and no lists. Empty where the model's files are not on this machine or cannot be
   * read. Blocks while the disk is read.
   *
   * @throws FinchException with {@code UNKNOWN_MODEL} where nothing has this name; {@code
   *     BAD_REQUEST} where the runtime lies in another process, which does not tell
   */
  default Optional<Map<String, Object>> header(ModelReference reference) {
    return Waiting.on(headerAsync(reference));
  }

  /** What {@link #header} gives. Does not block. */
  CompletionStage<Optional<Map<String, Object>>> headerAsync(ModelReference reference);

  /**
   * What was measured of the machine, what was chosen for it, and why. Blocks while it is measured.
   */
  default FitReport fit() {
    return Waiting.on(fitAsync());
  }

  /** What {@link #fit} gives. Does not block. */
  CompletionStage<FitReport> fitAsync();

  /**
   * Whether all files of a model are in the cache. Asks no network. Blocks while the disk is read.
   *
   * @throws FinchException with {@code UNKNOWN_MODEL}; for {@code auto} with {@code NONE_FITS}
   */
  default boolean isCached(ModelReference reference) {
    return Waiting.on(isCachedAsync(reference));
  }

  /** What {@link #isCached} gives. Does not block. */
  CompletionStage<Boolean> isCachedAsync(ModelReference reference);

  /** {@link #pull(PullRequest)} of this model, with no licence accepted. */
  default Flow.Publisher<DownloadProgress> pull(ModelReference reference) {
    return pull(PullRequest.of(reference));
  }

  /**
   * Fetches a model into the cache; the last progress is {@code DONE}. Cancelling keeps the part.
   * Does not block. Fails with {@code UNKNOWN_MODEL}, {@code NONE_FITS}, {@code
   * LICENSE_NOT_ACCEPTED}, the codes that begin with {@code HUB}, {@code CHECKSUM_MISMATCH}, {@code
   * DISK_FULL}, {@code CACHE_UNUSABLE} or {@code OFFLINE}.
   */
  Flow.Publisher<DownloadProgress> pull(PullRequest request);

  /**
   * Removes a model from the cache; gives the bytes freed. Blocks while the disk is written.
   *
   * @throws FinchException with {@code MODEL_IN_USE} while it is loaded, {@code UNKNOWN_MODEL}
   *     where it is not in the cache, {@code BAD_REQUEST} where it comes from no Hub, {@code
   *     CACHE_UNUSABLE} where it cannot be removed
   */
  default long remove(ModelReference reference) {
    return Waiting.on(removeAsync(reference));
  }

  /** What {@link #remove} does. Does not block; what has begun cannot be cancelled. */
  CompletionStage<Long> removeAsync(ModelReference reference);

  /** {@link #verify(ModelReference, Consumer)} for who does not care how far it has come. */
  default List<VerifiedFile> verify(@Nullable ModelReference reference) {
    return Waiting.on(verifyAsync(reference));
  }

  /**
   * Reads cached models to their end, files that other tools wrote included, and compares their
   * hashes with what they should be. A damaged file is removed and fetched again; where that fails,
   * this does not: the file's outcome says it. Blocks.
   *
   * @param reference one model that comes from a Hub, or null for all that are cached
   * @param progress hears a few times a second how much was read, on a thread of the runtime; the
   *     last time when all was read
   * @throws FinchException with {@code UNKNOWN_MODEL} where the model is not in the cache, {@code
   *     CACHE_UNUSABLE}; {@code BAD_REQUEST} where it comes from no Hub or where the runtime lies
   *     in another process
   */
  default List<VerifiedFile> verify(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress) {
    return Waiting.on(verifyAsync(reference, progress));
  }

  /** What {@link #verify(ModelReference)} does. Does not block. */
  default CompletionStage<List<VerifiedFile>> verifyAsync(@Nullable ModelReference reference) {
    return verifyAsync(reference, _ -> {});
  }

  /** What {@link #verify(ModelReference, Consumer)} does. Does not block. */
  CompletionStage<List<VerifiedFile>> verifyAsync(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress);

  /**
   * Removes what Finch's own downloads left unfinished and did not touch for a day, except what a
   * process is fetching now; gives the bytes freed. Blocks while the disk is written.
   *
   * @throws FinchException with {@code CACHE_UNUSABLE}; {@code BAD_REQUEST} where the runtime lies
   *     in another process
   */
  default long prune() {
    return Waiting.on(pruneAsync());
  }

  /** What {@link #prune} does. Does not block; what has begun cannot be cancelled. */
  CompletionStage<Long> pruneAsync();

  /** {@link #load(LoadRequest)} of this model, with no licence accepted. Blocks. */
  default RuntimeState load(ModelReference reference) {
    return load(LoadRequest.of(reference));
  }

  /**
   * Makes this model the one that serves: fetches it where needed, loads it beside the old one
   * where memory allows, then drains the old one. Blocks until it is Ready, which may take as long
   * as a download takes. Interrupting ends the waiting; the model goes on being loaded, for others
   * may wait for it too.
   *
   * @throws FinchException with what {@link #pull(PullRequest)} fails with, {@code
   *     UNSUPPORTED_MODEL}, {@code MODEL_FILE_INVALID}, {@code MODEL_TOO_LARGE}, {@code
   *     ENGINE_UNAVAILABLE}, {@code LOAD_FAILED}; {@code CANCELLED} where another model was asked
   *     for meanwhile
   */
  default RuntimeState load(LoadRequest request) {
    return Waiting.on(loadAsync(request));
  }

  /** {@link #loadAsync(LoadRequest)} of this model, with no licence accepted. */
  default CompletionStage<RuntimeState> loadAsync(ModelReference reference) {
    return loadAsync(LoadRequest.of(reference));
  }

  /**
   * What {@link #load(LoadRequest)} does; completes when the model is Ready. Does not block.
   * Cancelling the stage ends the waiting only.
   */
  CompletionStage<RuntimeState> loadAsync(LoadRequest request);

  /**
   * Drains and unloads the model that serves. It comes back by {@link #load} or on demand. Blocks
   * until its last answer has ended and its memory is free; does nothing where none serves.
   */
  default RuntimeState unload() {
    return Waiting.on(unloadAsync());
  }

  /** What {@link #unload} does. Does not block; cancelling the stage ends the waiting only. */
  CompletionStage<RuntimeState> unloadAsync();

  /** Facts for {@code finch status}. Blocks for a moment. */
  default RuntimeStatus status() {
    return Waiting.on(statusAsync());
  }

  /** What {@link #status} gives. Does not block. */
  CompletionStage<RuntimeStatus> statusAsync();

  /**
   * What went to the cloud, summed. Blocks while the disk is read.
   *
   * @throws FinchException with {@code DISK_FULL} where the ledger could not be written
   */
  default LedgerSummary ledger() {
    return Waiting.on(ledgerAsync());
  }

  /** What {@link #ledger} gives. Does not block. */
  CompletionStage<LedgerSummary> ledgerAsync();

  /**
   * Ends everything that this runtime started, waits for it, and frees native memory. Idempotent.
   * Blocks for half a minute at most.
   *
   * @throws FinchException with {@code INTERNAL} where it did not end in that time
   */
  @Override
  void close();
}
