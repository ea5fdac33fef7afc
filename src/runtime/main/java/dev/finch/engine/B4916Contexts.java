package dev.finch.engine;

import static dev.finch.engine.B4916Structs.BATCH;
import static dev.finch.engine.B4916Structs.CONTEXT_PARAMS;
import static dev.finch.platform.NativeFunction.isTrue;
import static dev.finch.platform.NativeFunction.pointer;
import static dev.finch.platform.NativeFunction.truth;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.finch.platform.NativeFunction;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/**
 * Contexts: decoding, the KV cache, saved sequences, adapters in use, as llama.cpp b4916 exports
 * them.
 */
final class B4916Contexts extends NativeFunctions {

  private static final FunctionDescriptor GIVES_PARAMS = FunctionDescriptor.of(CONTEXT_PARAMS);
  private static final FunctionDescriptor CREATES =
      FunctionDescriptor.of(ADDRESS, ADDRESS, CONTEXT_PARAMS);
  private static final FunctionDescriptor DECODES = FunctionDescriptor.of(JAVA_INT, ADDRESS, BATCH);

  /** What every answer calls. */
  static final List<FunctionDescriptor> SHAPES = List.of(GIVES_PARAMS, CREATES, DECODES);

  B4916Contexts(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final StructFunction contextDefaultParams =
      function("llama_context_default_params", GIVES_PARAMS);

  MemorySegment contextDefaultParams(SegmentAllocator allocator) {
    return call(() -> (MemorySegment) contextDefaultParams.handle().invokeExact(allocator));
  }

  private final StructFunction newContext = function("llama_init_from_model", CREATES);

  MemorySegment newContext(MemorySegment model, MemorySegment params) {
    return call(() -> (MemorySegment) newContext.handle().invokeExact(model, params));
  }

  private final NativeFunction freeContext = plain("llama_free");

  void freeContext(MemorySegment context) {
    freeContext.call(pointer(context));
  }

  private final NativeFunction contextLength = plain("llama_n_ctx");

  int contextLength(MemorySegment context) {
    return (int) contextLength.call(pointer(context));
  }

  private final NativeFunction setThreads = plain("llama_set_n_threads");

  void setThreads(MemorySegment context, int decode, int prompt) {
    setThreads.call(pointer(context), decode, prompt);
  }

  private final NativeFunction setEmbeddings = plain("llama_set_embeddings");

  void setEmbeddings(MemorySegment context, boolean on) {
    setEmbeddings.call(pointer(context), truth(on));
  }

  private final StructFunction decode = function("llama_decode", DECODES);

  int decode(MemorySegment context, MemorySegment batch) {
    return call(() -> (int) decode.handle().invokeExact(context, batch));
  }

  private final NativeFunction logits = plain("llama_get_logits_ith");

  MemorySegment logits(MemorySegment context, int index) {
    return MemorySegment.ofAddress(logits.call(pointer(context), index));
  }

  private final NativeFunction embeddings = plain("llama_get_embeddings_ith");

  MemorySegment embeddings(MemorySegment context, int index) {
    return MemorySegment.ofAddress(embeddings.call(pointer(context), index));
  }

  private final NativeFunction removeFromSequence = plain("llama_kv_self_seq_rm");

  boolean removeFromSequence(MemorySegment context, int sequence, int from, int to) {
    return isTrue(removeFromSequence.call(pointer(context), sequence, from, to));
  }

  private final NativeFunction copySequence = plain("llama_kv_self_seq_cp");

  void copySequence(MemorySegment context, int source, int target, int from, int to) {
    copySequence.call(pointer(context), source, target, from, to);
  }

  private final NativeFunction usedCells = plain("llama_kv_self_used_cells");

  int usedCells(MemorySegment context) {
    return (int) usedCells.call(pointer(context));
  }

  private final NativeFunction saveSequence = plain("llama_state_seq_save_file");

  long saveSequence(
      MemorySegment context, MemorySegment path, int sequence, MemorySegment tokens, long count) {
    return saveSequence.call(pointer(context), pointer(path), sequence, pointer(tokens), count);
  }

  private final NativeFunction loadSequence = plain("llama_state_seq_load_file");

  long loadSequence(
      MemorySegment context,
      MemorySegment path,
      int sequence,
      MemorySegment tokens,
      long capacity,
      MemorySegment count) {
    return loadSequence.call(
        pointer(context), pointer(path), sequence, pointer(tokens), capacity, pointer(count));
  }

  private final NativeFunction setAdapter = plain("llama_set_adapter_lora");

  int setAdapter(MemorySegment context, MemorySegment adapter, float scale) {
    return (int) setAdapter.callMixed(pointer(context), pointer(adapter), scale, 0, 0);
  }

  private final NativeFunction clearAdapters = plain("llama_clear_adapter_lora");

  void clearAdapters(MemorySegment context) {
    clearAdapters.call(pointer(context));
  }
}
