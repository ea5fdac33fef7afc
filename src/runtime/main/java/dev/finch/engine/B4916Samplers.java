package dev.finch.engine;

import static dev.finch.platform.NativeFunction.pointer;
import static dev.finch.platform.NativeFunction.truth;

import dev.finch.platform.NativeFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Samplers and chains of them, as llama.cpp b4916 exports them. */
final class B4916Samplers extends NativeFunctions {

  B4916Samplers(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final NativeFunction newChain = plain("llama_sampler_chain_init");

  // Its parameters are a struct of one boolean, which travels as that.
  MemorySegment newChain(boolean unmeasured) {
    return MemorySegment.ofAddress(newChain.call(truth(unmeasured)));
  }

  private final NativeFunction addToChain = plain("llama_sampler_chain_add");

  void addToChain(MemorySegment chain, MemorySegment sampler) {
    addToChain.call(pointer(chain), pointer(sampler));
  }

  private final NativeFunction freeSampler = plain("llama_sampler_free");

  void freeSampler(MemorySegment sampler) {
    freeSampler.call(pointer(sampler));
  }

  private final NativeFunction apply = plain("llama_sampler_apply");

  void apply(MemorySegment sampler, MemorySegment candidates) {
    apply.call(pointer(sampler), pointer(candidates));
  }

  private final NativeFunction accept = plain("llama_sampler_accept");

  void accept(MemorySegment sampler, int token) {
    accept.call(pointer(sampler), token);
  }

  private final NativeFunction sample = plain("llama_sampler_sample");

  int sample(MemorySegment chain, MemorySegment context, int index) {
    return (int) sample.call(pointer(chain), pointer(context), index);
  }

  private final NativeFunction greedy = plain("llama_sampler_init_greedy");

  MemorySegment greedy() {
    return MemorySegment.ofAddress(greedy.call());
  }

  private final NativeFunction dist = plain("llama_sampler_init_dist");

  MemorySegment dist(int seed) {
    return MemorySegment.ofAddress(dist.call(seed));
  }

  private final NativeFunction topK = plain("llama_sampler_init_top_k");

  MemorySegment topK(int k) {
    return MemorySegment.ofAddress(topK.call(k));
  }

  private final NativeFunction topP = plain("llama_sampler_init_top_p");

  MemorySegment topP(float p, long minKeep) {
    return MemorySegment.ofAddress(topP.callMixed(minKeep, 0, p, 0, 0));
  }

  private final NativeFunction minP = plain("llama_sampler_init_min_p");

  MemorySegment minP(float p, long minKeep) {
    return MemorySegment.ofAddress(minP.callMixed(minKeep, 0, p, 0, 0));
  }

  private final NativeFunction typical = plain("llama_sampler_init_typical");

  MemorySegment typical(float p, long minKeep) {
    return MemorySegment.ofAddress(typical.callMixed(minKeep, 0, p, 0, 0));
  }

  private final NativeFunction temperature = plain("llama_sampler_init_temp");

  MemorySegment temperature(float temperature) {
    return MemorySegment.ofAddress(this.temperature.callMixed(0, 0, temperature, 0, 0));
  }

  private final NativeFunction penalties = plain("llama_sampler_init_penalties");

  MemorySegment penalties(int lastN, float repeat, float frequency, float presence) {
    return MemorySegment.ofAddress(penalties.callMixed(lastN, 0, repeat, frequency, presence));
  }

  private final NativeFunction logitBias = plain("llama_sampler_init_logit_bias");

  MemorySegment logitBias(int vocabularySize, int count, MemorySegment biases) {
    return MemorySegment.ofAddress(logitBias.call(vocabularySize, count, pointer(biases)));
  }
}
