package dev.finch.engine;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.ModelInfo;
import dev.finch.provider.Inference.Embed;
import dev.finch.provider.Inference.EmbedFailed;
import dev.finch.provider.Inference.Embedded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into vectors, a piece of a text at a time between the steps of answers, in a sequence
 * of its own. Confined to the engine's thread.
 */
final class Embedder {

  private final Engine engine;
  private final ModelInfo info;
  private final PrefixCache cache;
  private final int scratch;
  private final boolean meanPooling;
  private final StepBatch batch = new StepBatch();
  private final Deque<Job> jobs = new ArrayDeque<>();

  /** One request, and how far it is. */
  private static final class Job {
    final Embed request;
    final List<int[]> inputs;
    final List<float[]> vectors = new ArrayList<>();
    int position;
    double @Nullable [] sum;

    Job(Embed request, List<int[]> inputs) {
      this.request = request;
      this.inputs = inputs;
    }

    int[] input() {
      return inputs.get(vectors.size());
    }
  }

  /**
   * @param scratch the sequence to use; nobody else's
   */
  Embedder(
      Engine engine,
      ModelInfo info,
      PrefixCache cache,
      int scratch,
      EngineSettings.Pooling pooling) {
    this.engine = engine;
    this.info = info;
    this.cache = cache;
    this.scratch = scratch;
    meanPooling =
        switch (pooling) {
          case AUTO -> engine.facts().weights().poolsByMean();
          case MEAN -> true;
          case LAST -> false;
        };
  }

  /**
   * The inputs' tokens. Any thread may ask.
   *
   * @throws FinchException with {@code BAD_REQUEST} or {@code CONTEXT_OVERFLOW}
   */
  List<int[]> encode(Embed request, TokenCounter counter) {
    List<int[]> inputs = new ArrayList<>();
    for (String input : request.inputs()) {
      inputs.add(tokens(input, counter.part(info.contextLength())));
    }
    return inputs;
  }

  /** Takes a request on. */
  void submit(Embed request, List<int[]> inputs) {
    Job job = new Job(request, inputs);
    jobs.addLast(job);
    answerIfDone(job);
  }

  private int[] tokens(String input, TokenCounter counter) {
    int[] tokens;
    try {
      tokens = engine.tokenize(input, true, false, counter);
    } catch (TokenCounter.Exceeded e) {
      throw tooLong("about ", e.estimate);
    }
    if (tokens.length == 0) {
      throw refused(FailureCode.BAD_REQUEST, "An input is empty (expected: text).");
    }
    if (tokens.length > info.contextLength()) {
      throw tooLong("", tokens.length);
    }
    return tokens;
  }

  private FinchException tooLong(String about, long tokens) {
    return new FinchException(
        Failure.permanent(
                FailureCode.CONTEXT_OVERFLOW,
                "An input has %s%,d tokens, but %s holds %,d here."
                    .formatted(about, tokens, info.name(), info.contextLength()),
                null)
            .overflow(tokens, info.contextLength()));
  }

  private static FinchException refused(FailureCode code, String message) {
    return new FinchException(Failure.permanent(code, message, null));
  }

  boolean idle() {
    return jobs.isEmpty();
  }

  /**
   * Processes the next piece.
   *
   * @param budget the most tokens
   * @throws FinchException where the engine failed; every sender has been told
   */
  void step(int budget) {
    Job job = jobs.element();
    try {
      int[] tokens = job.input();
      int count = Math.min(tokens.length - job.position, budget);
      if (!decode(job, tokens, count)) {
        giveUp(job);
        return;
      }
      accumulate(job, count);
      job.position += count;
      if (job.position == tokens.length) {
        finishInput(job);
        answerIfDone(job);
      }
    } catch (FinchException e) {
      jobs.forEach(each -> each.request.replyTo().tell(new EmbedFailed(e.failure())));
      jobs.clear();
      throw e;
    }
  }

  /** False where the answers under way leave no room. */
  private boolean decode(Job job, int[] tokens, int count) {
    batch.clear();
    for (int i = job.position; i < job.position + count; i++) {
      batch.add(tokens[i], i, scratch, true);
    }
    while (!engine.decodeEmbeddings(batch)) {
      if (!cache.evict()) {
        return false;
      }
    }
    return true;
  }

  private void giveUp(Job job) {
    engine.truncate(scratch, 0);
    jobs.remove(job);
    Failure why =
        Failure.passing(
            FailureCode.BUSY, "The answers under way leave no room to embed a text.", null);
    job.request.replyTo().tell(new EmbedFailed(why));
  }

  private void accumulate(Job job, int count) {
    for (int i = meanPooling ? 0 : count - 1; i < count; i++) {
      float[] vector = engine.embedding(i);
      double[] sum = meanPooling && job.sum != null ? job.sum : new double[vector.length];
      for (int d = 0; d < vector.length; d++) {
        sum[d] += vector[d];
      }
      job.sum = sum;
    }
  }

  private void finishInput(Job job) {
    engine.truncate(scratch, 0);
    double[] sum = job.sum;
    job.vectors.add(normalized(sum == null ? new double[0] : sum));
    job.sum = null;
    job.position = 0;
  }

  /** The vector of length 1 in the same direction; the mean's division cancels out. */
  private static float[] normalized(double[] vector) {
    double square = 0;
    for (double value : vector) {
      square += value * value;
    }
    double length = square == 0 ? 1 : Math.sqrt(square);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  private void answerIfDone(Job job) {
    if (job.vectors.size() == job.inputs.size()) {
      long tokens = job.inputs.stream().mapToLong(input -> input.length).sum();
      job.request.replyTo().tell(new Embedded(info.name(), job.vectors, tokens));
      jobs.remove(job);
    }
  }
}
