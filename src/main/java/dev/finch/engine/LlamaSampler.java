package dev.finch.engine;

import static dev.finch.engine.B4916Structs.LOGIT_BIAS;
import static dev.finch.engine.B4916Structs.TOKEN_DATA;
import static dev.finch.engine.B4916Structs.TOKEN_DATA_ARRAY;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chain of llama.cpp's samplers, in the order of its own tools: bias, penalties, top-k, typical,
 * top-p, min-p, temperature, choice.
 *
 * <p>A grammar stands outside the chain. Applied to a whole vocabulary it costs more than a small
 * model's decode step, so the chain chooses freely first, and only where the grammar forbids that
 * token is the vocabulary filtered and the choice repeated.
 */
final class LlamaSampler implements Sampler {

  private static final long AT_LEAST_ONE = 1;

  // Logits divided by less would overflow.
  private static final float COLDEST = 1e-3f;

  private static final long ID = B4916Structs.offset(TOKEN_DATA, "id");
  private static final long LOGIT = B4916Structs.offset(TOKEN_DATA, "logit");
  private static final long PROBABILITY = B4916Structs.offset(TOKEN_DATA, "p");

  private final LlamaEngine engine;
  private final LlamaB4916 llama;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment chain;
  private final @Nullable MemorySegment grammar;
  private boolean closed;

  LlamaSampler(LlamaEngine engine, Sampling sampling, @Nullable String gbnf) {
    this.engine = engine;
    llama = engine.llama();
    chain = llama.samplers().newChain(arena.allocate(B4916Structs.CHAIN_PARAMS));
    addTo(chain, sampling);
    grammar =
        gbnf == null
            ? null
            : llama
                .samplers()
                .grammar(engine.vocabulary(), arena.allocateFrom(gbnf), arena.allocateFrom("root"));
    NativeCount.allocated();
  }

  private void addTo(MemorySegment chain, Sampling sampling) {
    if (!sampling.logitBias().isEmpty()) {
      llama.samplers().addToChain(chain, bias(sampling.logitBias()));
    }
    llama
        .samplers()
        .addToChain(
            chain,
            llama
                .samplers()
                .penalties(
                    requireNonNull(sampling.penaltyLastN()),
                    number(sampling.repeatPenalty()),
                    number(sampling.frequencyPenalty()),
                    number(sampling.presencePenalty())));
    float temperature = number(sampling.temperature());
    if (temperature < COLDEST) {
      llama.samplers().addToChain(chain, llama.samplers().greedy());
      return;
    }
    llama.samplers().addToChain(chain, llama.samplers().topK(requireNonNull(sampling.topK())));
    llama
        .samplers()
        .addToChain(chain, llama.samplers().typical(number(sampling.typicalP()), AT_LEAST_ONE));
    llama
        .samplers()
        .addToChain(chain, llama.samplers().topP(number(sampling.topP()), AT_LEAST_ONE));
    llama
        .samplers()
        .addToChain(chain, llama.samplers().minP(number(sampling.minP()), AT_LEAST_ONE));
    llama.samplers().addToChain(chain, llama.samplers().temperature(temperature));
    llama
        .samplers()
        .addToChain(chain, llama.samplers().dist(seed(requireNonNull(sampling.seed()))));
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
    return llama.samplers().logitBias(engine.facts().vocabularySize(), biases.size(), array);
  }

  @Override
  public int sample(int index) {
    return grammar == null
        ? llama.samplers().sample(chain, engine.context(), index)
        : sampleWithin(grammar, engine.logitsOf(index));
  }

  private int sampleWithin(MemorySegment grammar, MemorySegment logits) {
    MemorySegment candidates = candidates(logits);
    llama.samplers().apply(chain, candidates);
    int token = selected(candidates);
    if (!allows(grammar, token)) {
      candidates = candidates(logits);
      llama.samplers().apply(grammar, candidates);
      llama.samplers().apply(chain, candidates);
      token = selected(candidates);
      // To accept a token that the grammar forbids would end the process.
      if (!allows(grammar, token)) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.ENGINE_FAILED,
                "The grammar allows none of the model's tokens here.",
                "Remove what the grammar demands beyond the model's vocabulary."));
      }
    }
    llama.samplers().accept(grammar, token);
    llama.samplers().accept(chain, token);
    return token;
  }

  private MemorySegment candidates(MemorySegment logits) {
    int size = engine.facts().vocabularySize();
    MemorySegment data = engine.candidateBuffer();
    for (int token = 0; token < size; token++) {
      long at = token * TOKEN_DATA.byteSize();
      data.set(JAVA_INT, at + ID, token);
      data.set(JAVA_FLOAT, at + LOGIT, logits.getAtIndex(JAVA_FLOAT, token));
      data.set(JAVA_FLOAT, at + PROBABILITY, 0);
    }
    return array(data, size);
  }

  private boolean allows(MemorySegment grammar, int token) {
    MemorySegment one = engine.candidateBuffer();
    one.set(JAVA_INT, ID, token);
    one.set(JAVA_FLOAT, LOGIT, 1);
    llama.samplers().apply(grammar, array(one, 1));
    return one.get(JAVA_FLOAT, LOGIT) != Float.NEGATIVE_INFINITY;
  }

  private MemorySegment array(MemorySegment data, int size) {
    MemorySegment array = engine.candidateArray();
    array.set(ADDRESS, B4916Structs.offset(TOKEN_DATA_ARRAY, "data"), data);
    array.set(JAVA_LONG, B4916Structs.offset(TOKEN_DATA_ARRAY, "size"), size);
    array.set(JAVA_LONG, B4916Structs.offset(TOKEN_DATA_ARRAY, "selected"), -1);
    array.set(JAVA_BOOLEAN, B4916Structs.offset(TOKEN_DATA_ARRAY, "sorted"), false);
    return array;
  }

  private int selected(MemorySegment array) {
    long index = array.get(JAVA_LONG, B4916Structs.offset(TOKEN_DATA_ARRAY, "selected"));
    return engine.candidateBuffer().get(JAVA_INT, index * TOKEN_DATA.byteSize() + ID);
  }

  @Override
  public void accept(int token) {
    llama.samplers().accept(chain, token);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    llama.samplers().freeSampler(chain);
    if (grammar != null) {
      llama.samplers().freeSampler(grammar);
    }
    NativeCount.freed();
    arena.close();
  }
}
