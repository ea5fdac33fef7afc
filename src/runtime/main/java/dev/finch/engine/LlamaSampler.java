package dev.finch.engine;

import static dev.finch.engine.B4916Structs.LOGIT_BIAS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.util.Objects.requireNonNull;

import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.grammar.GrammarCursor;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chain of llama.cpp's samplers, in the order of its own tools: bias, penalties, top-k, typical,
 * top-p, min-p, temperature, choice.
 *
 * <p>A grammar stands outside the chain, and outside llama.cpp. Applied to a whole vocabulary it
 * costs more than a small model's decode step, so the chain chooses freely first, and only where
 * the grammar forbids that token is the vocabulary filtered and the choice repeated.
 */
final class LlamaSampler implements Sampler {

  private static final long AT_LEAST_ONE = 1;

  // Logits divided by less would overflow.
  private static final float COLDEST = 1e-3f;

  private static final float NEXT_TO_NOTHING = 1e-30f;

  private final LlamaEngine engine;
  private final B4916Samplers samplers;
  private final LlamaCandidates candidates;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment chain;
  private final @Nullable GrammarCursor grammar;
  private boolean closed;

  LlamaSampler(LlamaEngine engine, Sampling sampling, @Nullable Gbnf gbnf) {
    this.engine = engine;
    samplers = engine.llama().samplers();
    candidates = engine.candidates();
    chain = samplers.newChain(false);
    addTo(chain, sampling);
    grammar = gbnf == null ? null : gbnf.cursor(engine.texts());
    NativeCount.allocated();
  }

  private void addTo(MemorySegment chain, Sampling sampling) {
    if (!sampling.logitBias().isEmpty()) {
      samplers.addToChain(chain, bias(sampling.logitBias()));
    }
    samplers.addToChain(
        chain,
        samplers.penalties(
            requireNonNull(sampling.penaltyLastN()),
            number(sampling.repeatPenalty()),
            number(sampling.frequencyPenalty()),
            number(sampling.presencePenalty())));
    float temperature = number(sampling.temperature());
    if (temperature < COLDEST) {
      samplers.addToChain(chain, samplers.greedy());
      return;
    }
    samplers.addToChain(chain, samplers.topK(requireNonNull(sampling.topK())));
    addTypical(chain, number(sampling.typicalP()));
    samplers.addToChain(chain, samplers.topP(number(sampling.topP()), AT_LEAST_ONE));
    samplers.addToChain(chain, samplers.minP(number(sampling.minP()), AT_LEAST_ONE));
    samplers.addToChain(chain, samplers.temperature(temperature));
    samplers.addToChain(chain, samplers.dist(seed(requireNonNull(sampling.seed()))));
  }

  // The library's typical sampler chooses by chance where a probability is so small that it is 0.
  private void addTypical(MemorySegment chain, float probability) {
    if (probability < 1) {
      samplers.addToChain(chain, samplers.minP(NEXT_TO_NOTHING, AT_LEAST_ONE));
      samplers.addToChain(chain, samplers.typical(probability, AT_LEAST_ONE));
    }
  }

  private static float number(@Nullable Double value) {
    return requireNonNull(value).floatValue();
  }

  // The library takes 32 bits, and all of them set as the wish for a random seed.
  private static int seed(long seed) {
    int folded = (int) (seed ^ (seed >>> 32));
    return folded == -1 ? 0 : folded;
  }

  private MemorySegment bias(Map<Integer, Double> biases) {
    MemorySegment array = arena.allocate(LOGIT_BIAS, biases.size());
    long at = 0;
    for (Map.Entry<Integer, Double> bias : biases.entrySet()) {
      array.set(JAVA_INT, at, bias.getKey());
      array.set(JAVA_FLOAT, at + JAVA_INT.byteSize(), bias.getValue().floatValue());
      at += LOGIT_BIAS.byteSize();
    }
    return samplers.logitBias(engine.facts().weights().vocabularySize(), biases.size(), array);
  }

  @Override
  public int sample(int index) {
    return grammar == null
        ? samplers.sample(chain, engine.context(), index)
        : sampleWithin(grammar, engine.logitsOf(index));
  }

  private int sampleWithin(GrammarCursor grammar, MemorySegment logits) {
    MemorySegment all = candidates.all(logits);
    samplers.apply(chain, all);
    int token = candidates.selected();
    if (!allows(grammar, token)) {
      BitSet within = grammar.allowed();
      all = candidates.all(logits);
      candidates.keep(each -> allowed(grammar, within, each));
      samplers.apply(chain, all);
      token = candidates.selected();
      if (!allows(grammar, token)) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.BAD_REQUEST,
                "The grammar allows none of the model's tokens here.",
                "Remove what the grammar demands beyond the model's vocabulary."));
      }
    }
    if (!engine.endsGeneration(token)) {
      grammar.accept(token);
    }
    samplers.accept(chain, token);
    return token;
  }

  private boolean allows(GrammarCursor grammar, int token) {
    return engine.endsGeneration(token) ? grammar.mayEnd() : grammar.allows(token);
  }

  private boolean allowed(GrammarCursor grammar, BitSet within, int token) {
    return engine.endsGeneration(token) ? grammar.mayEnd() : within.get(token);
  }

  @Override
  public void accept(int token) {
    samplers.accept(chain, token);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    samplers.freeSampler(chain);
    NativeCount.freed();
    arena.close();
  }
}
