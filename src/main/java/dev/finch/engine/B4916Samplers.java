package dev.finch.engine;

import static dev.finch.engine.B4916Structs.CHAIN_PARAMS;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Samplers and chains of them, as llama.cpp b4916 exports them. */
final class B4916Samplers extends NativeFunctions {

  B4916Samplers(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final MethodHandle newChainFunction =
      function("llama_sampler_chain_init", ADDRESS, CHAIN_PARAMS);

  MemorySegment newChain(MemorySegment params) {
    return call(() -> (MemorySegment) newChainFunction.invokeExact(params));
  }

  private final MethodHandle addToChainFunction =
      procedure("llama_sampler_chain_add", ADDRESS, ADDRESS);

  void addToChain(MemorySegment chain, MemorySegment sampler) {
    run(
        () -> {
          addToChainFunction.invokeExact(chain, sampler);
        });
  }

  private final MethodHandle freeSamplerFunction = procedure("llama_sampler_free", ADDRESS);

  void freeSampler(MemorySegment sampler) {
    run(
        () -> {
          freeSamplerFunction.invokeExact(sampler);
        });
  }

  private final MethodHandle applyFunction = procedure("llama_sampler_apply", ADDRESS, ADDRESS);

  void apply(MemorySegment sampler, MemorySegment candidates) {
    run(
        () -> {
          applyFunction.invokeExact(sampler, candidates);
        });
  }

  private final MethodHandle acceptFunction = procedure("llama_sampler_accept", ADDRESS, JAVA_INT);

  void accept(MemorySegment sampler, int token) {
    run(
        () -> {
          acceptFunction.invokeExact(sampler, token);
        });
  }

  private final MethodHandle sampleFunction =
      function("llama_sampler_sample", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

  int sample(MemorySegment chain, MemorySegment context, int index) {
    return call(() -> (int) sampleFunction.invokeExact(chain, context, index));
  }

  private final MethodHandle greedyFunction = function("llama_sampler_init_greedy", ADDRESS);

  MemorySegment greedy() {
    return call(() -> (MemorySegment) greedyFunction.invokeExact());
  }

  private final MethodHandle distFunction = function("llama_sampler_init_dist", ADDRESS, JAVA_INT);

  MemorySegment dist(int seed) {
    return call(() -> (MemorySegment) distFunction.invokeExact(seed));
  }

  private final MethodHandle topKFunction = function("llama_sampler_init_top_k", ADDRESS, JAVA_INT);

  MemorySegment topK(int k) {
    return call(() -> (MemorySegment) topKFunction.invokeExact(k));
  }

  private final MethodHandle topPFunction =
      function("llama_sampler_init_top_p", ADDRESS, JAVA_FLOAT, JAVA_LONG);

  MemorySegment topP(float p, long minKeep) {
    return call(() -> (MemorySegment) topPFunction.invokeExact(p, minKeep));
  }

  private final MethodHandle minPFunction =
      function("llama_sampler_init_min_p", ADDRESS, JAVA_FLOAT, JAVA_LONG);

  MemorySegment minP(float p, long minKeep) {
    return call(() -> (MemorySegment) minPFunction.invokeExact(p, minKeep));
  }

  private final MethodHandle typicalFunction =
      function("llama_sampler_init_typical", ADDRESS, JAVA_FLOAT, JAVA_LONG);

  MemorySegment typical(float p, long minKeep) {
    return call(() -> (MemorySegment) typicalFunction.invokeExact(p, minKeep));
  }

  private final MethodHandle temperatureFunction =
      function("llama_sampler_init_temp", ADDRESS, JAVA_FLOAT);

  MemorySegment temperature(float temperature) {
    return call(() -> (MemorySegment) temperatureFunction.invokeExact(temperature));
  }

  private final MethodHandle penaltiesFunction =
      function(
          "llama_sampler_init_penalties", ADDRESS, JAVA_INT, JAVA_FLOAT, JAVA_FLOAT, JAVA_FLOAT);

  MemorySegment penalties(int lastN, float repeat, float frequency, float presence) {
    return call(
        () -> (MemorySegment) penaltiesFunction.invokeExact(lastN, repeat, frequency, presence));
  }

  private final MethodHandle logitBiasFunction =
      function("llama_sampler_init_logit_bias", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);

  MemorySegment logitBias(int vocabularySize, int count, MemorySegment biases) {
    return call(() -> (MemorySegment) logitBiasFunction.invokeExact(vocabularySize, count, biases));
  }

  private final MethodHandle grammarFunction =
      function("llama_sampler_init_grammar", ADDRESS, ADDRESS, ADDRESS, ADDRESS);

  MemorySegment grammar(MemorySegment vocabulary, MemorySegment gbnf, MemorySegment root) {
    return call(() -> (MemorySegment) grammarFunction.invokeExact(vocabulary, gbnf, root));
  }
}
