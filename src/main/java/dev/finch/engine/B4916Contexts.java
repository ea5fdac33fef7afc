package dev.finch.engine;

import static dev.finch.engine.B4916Structs.BATCH;
import static dev.finch.engine.B4916Structs.CONTEXT_PARAMS;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Contexts: decoding, the KV cache, saved sequences, adapters in use, as llama.cpp b4916 exports
 * them.
 */
final class B4916Contexts extends NativeFunctions {

  B4916Contexts(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final MethodHandle contextDefaultParamsFunction =
      function("llama_context_default_params", CONTEXT_PARAMS);

  MemorySegment contextDefaultParams(SegmentAllocator allocator) {
    return call(() -> (MemorySegment) contextDefaultParamsFunction.invokeExact(allocator));
  }

  private final MethodHandle newContextFunction =
      function("llama_init_from_model", ADDRESS, ADDRESS, CONTEXT_PARAMS);

  MemorySegment newContext(MemorySegment model, MemorySegment params) {
    return call(() -> (MemorySegment) newContextFunction.invokeExact(model, params));
  }

  private final MethodHandle freeContextFunction = procedure("llama_free", ADDRESS);

  void freeContext(MemorySegment context) {
    run(
        () -> {
          freeContextFunction.invokeExact(context);
        });
  }

  private final MethodHandle contextLengthFunction = function("llama_n_ctx", JAVA_INT, ADDRESS);

  int contextLength(MemorySegment context) {
    return call(() -> (int) contextLengthFunction.invokeExact(context));
  }

  private final MethodHandle setThreadsFunction =
      procedure("llama_set_n_threads", ADDRESS, JAVA_INT, JAVA_INT);

  void setThreads(MemorySegment context, int decode, int prompt) {
    run(
        () -> {
          setThreadsFunction.invokeExact(context, decode, prompt);
        });
  }

  private final MethodHandle setEmbeddingsFunction =
      procedure("llama_set_embeddings", ADDRESS, JAVA_BOOLEAN);

  void setEmbeddings(MemorySegment context, boolean on) {
    run(
        () -> {
          setEmbeddingsFunction.invokeExact(context, on);
        });
  }

  private final MethodHandle decodeFunction = function("llama_decode", JAVA_INT, ADDRESS, BATCH);

  int decode(MemorySegment context, MemorySegment batch) {
    return call(() -> (int) decodeFunction.invokeExact(context, batch));
  }

  private final MethodHandle logitsFunction =
      function("llama_get_logits_ith", ADDRESS, ADDRESS, JAVA_INT);

  MemorySegment logits(MemorySegment context, int index) {
    return call(() -> (MemorySegment) logitsFunction.invokeExact(context, index));
  }

  private final MethodHandle embeddingsFunction =
      function("llama_get_embeddings_ith", ADDRESS, ADDRESS, JAVA_INT);

  MemorySegment embeddings(MemorySegment context, int index) {
    return call(() -> (MemorySegment) embeddingsFunction.invokeExact(context, index));
  }

  private final MethodHandle removeFromSequenceFunction =
      function("llama_kv_self_seq_rm", JAVA_BOOLEAN, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);

  boolean removeFromSequence(MemorySegment context, int sequence, int from, int to) {
    return call(
        () -> (boolean) removeFromSequenceFunction.invokeExact(context, sequence, from, to));
  }

  private final MethodHandle copySequenceFunction =
      procedure("llama_kv_self_seq_cp", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);

  void copySequence(MemorySegment context, int source, int target, int from, int to) {
    run(
        () -> {
          copySequenceFunction.invokeExact(context, source, target, from, to);
        });
  }

  private final MethodHandle usedCellsFunction =
      function("llama_kv_self_used_cells", JAVA_INT, ADDRESS);

  int usedCells(MemorySegment context) {
    return call(() -> (int) usedCellsFunction.invokeExact(context));
  }

  private final MethodHandle saveSequenceFunction =
      function(
          "llama_state_seq_save_file", JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);

  long saveSequence(
      MemorySegment context, MemorySegment path, int sequence, MemorySegment tokens, long count) {
    return call(
        () -> (long) saveSequenceFunction.invokeExact(context, path, sequence, tokens, count));
  }

  private final MethodHandle loadSequenceFunction =
      function(
          "llama_state_seq_load_file",
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_LONG,
          ADDRESS);

  long loadSequence(
      MemorySegment context,
      MemorySegment path,
      int sequence,
      MemorySegment tokens,
      long capacity,
      MemorySegment count) {
    return call(
        () ->
            (long)
                loadSequenceFunction.invokeExact(context, path, sequence, tokens, capacity, count));
  }

  private final MethodHandle setAdapterFunction =
      function("llama_set_adapter_lora", JAVA_INT, ADDRESS, ADDRESS, JAVA_FLOAT);

  int setAdapter(MemorySegment context, MemorySegment adapter, float scale) {
    return call(() -> (int) setAdapterFunction.invokeExact(context, adapter, scale));
  }

  private final MethodHandle clearAdaptersFunction = procedure("llama_clear_adapter_lora", ADDRESS);

  void clearAdapters(MemorySegment context) {
    run(
        () -> {
          clearAdaptersFunction.invokeExact(context);
        });
  }
}
