package dev.finch;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Answer;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * The runtime that every surface uses: it answers prompts, by Claude until a local model is Ready
 * and locally from then on, and looks after the models.
 *
 * <p>Thread-safe. Stages and streams fail with {@link dev.finch.failure.FinchException}, which
 * carries a typed {@link dev.finch.failure.Failure}; only answer streams do not: they say it in
 * their last event, {@link AnswerEvent.Failed}.
 */
public interface Finch extends AutoCloseable {

  /** The whole answer to one user message. */
  default CompletionStage<Answer> ask(String userMessage) {
    return ask(GenerateRequest.of(userMessage));
  }

  /** The whole answer. */
  CompletionStage<Answer> ask(GenerateRequest request);

  /**
   * The answer as it comes. Each materialisation asks anew, so a source is to be run once;
   * cancelling it stops the work. It never fails: its last element is {@code Finished} or {@code
   * Failed}.
   */
  Source<AnswerEvent, NotUsed> stream(GenerateRequest request);

  /** {@link #stream} for hosts without Pekko Streams. One subscriber. */
  Flow.Publisher<AnswerEvent> publish(GenerateRequest request);

  /** A vector of length 1 for each input, from the local model that serves. */
  default CompletionStage<Embeddings> embed(List<String> inputs) {
    return embed(EmbedRequest.of(inputs));
  }

  /**
   * A vector of length 1 for each input, from the local model that was named. Another never stands
   * in for it: where it does not serve it is loaded under {@code requested-model = load}, and
   * refused with {@code MODEL_NOT_READY} otherwise.
   */
  CompletionStage<Embeddings> embed(EmbedRequest request);

  /**
   * The tokens that the request's prompt would have in the local model; in Claude's, which is then
   * asked for it, where only Claude may answer.
   */
  CompletionStage<Long> countTokens(GenerateRequest request);

  /** The state now. */
  RuntimeState state();

  /** The state now, then every change once and in order. A slow reader skips download progress. */
  Source<RuntimeState, NotUsed> states();

  /** {@link #states} for hosts without Pekko Streams. */
  Flow.Publisher<RuntimeState> publishStates();

  /** The catalogue and what else lies in the cache. */
  CompletionStage<List<ModelListing>> models();

  /**
   * The name under which {@link #models} lists the files of this model; the same where they are not
   * in the cache, or where this Finch does not know.
   */
  default CompletionStage<ModelReference> listedAs(ModelReference reference) {
    return CompletableFuture.completedFuture(reference);
  }

  /**
   * What the header of a model's first file says: numbers ({@code Long}, {@code Double}), truth
   * values and texts by their names in GGUF, the chat template ({@code tokenizer.chat_template})
   * among them, and no lists. Empty where the model is not here, or where this Finch does not know.
   */
  default CompletionStage<Map<String, Object>> header(ModelReference reference) {
    return CompletableFuture.completedFuture(Map.of());
  }

  /** What was measured of this machine, what was chosen for it, and why. */
  CompletionStage<FitReport> fit();

  /** Whether all files of a model are in the cache. Asks no network. */
  CompletionStage<Boolean> isCached(ModelReference reference);

  /**
   * Fetches a model into the cache; the last progress is {@code DONE}. Cancelling keeps the part.
   */
  Source<DownloadProgress, NotUsed> pull(ModelReference reference);

  /** {@link #pull} for hosts without Pekko Streams. One subscriber. */
  Flow.Publisher<DownloadProgress> publishPull(ModelReference reference);

  /** Removes a model from the cache; gives the bytes freed. */
  CompletionStage<Long> remove(ModelReference reference);

  /**
   * Reads cached models to their end, files that other tools wrote included, and compares their
   * hashes with what they should be. A damaged file is removed and fetched again; where that fails,
   * the stage does not: the file's outcome says it.
   *
   * @param reference one model that comes from a Hub, or null for all that are cached
   * @param progress hears a few times a second how much was read, on a thread of the runtime; the
   *     last time when all was read
   */
  CompletionStage<List<VerifiedFile>> verify(
      @Nullable ModelReference reference, Consumer<DownloadProgress> progress);

  /** {@link #verify(ModelReference, Consumer)} for who does not care how far it has come. */
  default CompletionStage<List<VerifiedFile>> verify(@Nullable ModelReference reference) {
    return verify(reference, _ -> {});
  }

  /**
   * Removes what Finch's own downloads left unfinished and did not touch for a day, except what a
   * process is fetching now; gives the bytes freed.
   */
  CompletionStage<Long> prune();

  /**
   * Makes this model the one that serves: fetches it where needed, loads it beside the old one
   * where memory allows, then drains the old one. Completes when it is Ready.
   */
  CompletionStage<RuntimeState> load(ModelReference reference);

  /**
   * Accepts a licence that is not a free one, until this runtime ends; whoever wants it remembered
   * sets {@code finch.licenses.accept}.
   *
   * @param license its identifier, for example {@code qwen-research}
   * @throws FinchException with {@link FailureCode#LICENSE_NOT_ACCEPTED} where the runtime is
   *     another process, whose operator accepts
   */
  default void acceptLicense(String license) {
    throw new FinchException(
        Failure.permanent(
            FailureCode.LICENSE_NOT_ACCEPTED,
            "A running server's licences are accepted where it runs.",
            "Start it with --accept-license " + license + "."));
  }

  /** Drains and unloads the model that serves. It comes back by {@link #load} or on demand. */
  CompletionStage<RuntimeState> unload();

  /** Facts for {@code finch status}. */
  CompletionStage<RuntimeStatus> status();

  /** What went to the cloud, summed. */
  CompletionStage<LedgerSummary> ledger();

  /**
   * Ends everything that this runtime started, waits for it, and frees native memory. Idempotent.
   */
  @Override
  void close();
}
