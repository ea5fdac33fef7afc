package dev.finch.engine;

import static dev.finch.engine.B4916Structs.MODEL_PARAMS;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Models and their adapters, as llama.cpp b4916 exports them. */
final class B4916Models extends NativeFunctions {

  B4916Models(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final MethodHandle modelDefaultParamsFunction =
      function("llama_model_default_params", MODEL_PARAMS);

  MemorySegment modelDefaultParams(SegmentAllocator allocator) {
    return call(() -> (MemorySegment) modelDefaultParamsFunction.invokeExact(allocator));
  }

  private final MethodHandle loadFromFileFunction =
      function("llama_model_load_from_file", ADDRESS, ADDRESS, MODEL_PARAMS);

  MemorySegment loadFromFile(MemorySegment path, MemorySegment params) {
    return call(() -> (MemorySegment) loadFromFileFunction.invokeExact(path, params));
  }

  private final MethodHandle loadFromSplitsFunction =
      function("llama_model_load_from_splits", ADDRESS, ADDRESS, JAVA_LONG, MODEL_PARAMS);

  MemorySegment loadFromSplits(MemorySegment paths, long count, MemorySegment params) {
    return call(() -> (MemorySegment) loadFromSplitsFunction.invokeExact(paths, count, params));
  }

  private final MethodHandle freeModelFunction = procedure("llama_model_free", ADDRESS);

  void freeModel(MemorySegment model) {
    run(
        () -> {
          freeModelFunction.invokeExact(model);
        });
  }

  private final MethodHandle vocabularyFunction =
      function("llama_model_get_vocab", ADDRESS, ADDRESS);

  MemorySegment vocabulary(MemorySegment model) {
    return call(() -> (MemorySegment) vocabularyFunction.invokeExact(model));
  }

  private final MethodHandle parameterCountFunction =
      function("llama_model_n_params", JAVA_LONG, ADDRESS);

  long parameterCount(MemorySegment model) {
    return call(() -> (long) parameterCountFunction.invokeExact(model));
  }

  private final MethodHandle modelSizeFunction = function("llama_model_size", JAVA_LONG, ADDRESS);

  long modelSize(MemorySegment model) {
    return call(() -> (long) modelSizeFunction.invokeExact(model));
  }

  private final MethodHandle trainedContextFunction =
      function("llama_model_n_ctx_train", JAVA_INT, ADDRESS);

  int trainedContext(MemorySegment model) {
    return call(() -> (int) trainedContextFunction.invokeExact(model));
  }

  private final MethodHandle embeddingLengthFunction =
      function("llama_model_n_embd", JAVA_INT, ADDRESS);

  int embeddingLength(MemorySegment model) {
    return call(() -> (int) embeddingLengthFunction.invokeExact(model));
  }

  private final MethodHandle isRecurrentFunction =
      function("llama_model_is_recurrent", JAVA_BOOLEAN, ADDRESS);

  boolean isRecurrent(MemorySegment model) {
    return call(() -> (boolean) isRecurrentFunction.invokeExact(model));
  }

  private final MethodHandle layerCountFunction =
      function("llama_model_n_layer", JAVA_INT, ADDRESS);

  int layerCount(MemorySegment model) {
    return call(() -> (int) layerCountFunction.invokeExact(model));
  }

  private final MethodHandle headCountFunction = function("llama_model_n_head", JAVA_INT, ADDRESS);

  int headCount(MemorySegment model) {
    return call(() -> (int) headCountFunction.invokeExact(model));
  }

  private final MethodHandle kvHeadCountFunction =
      function("llama_model_n_head_kv", JAVA_INT, ADDRESS);

  int kvHeadCount(MemorySegment model) {
    return call(() -> (int) kvHeadCountFunction.invokeExact(model));
  }

  private final MethodHandle metadataFunction =
      function("llama_model_meta_val_str", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

  int metadata(MemorySegment model, MemorySegment key, MemorySegment buffer, long size) {
    return call(() -> (int) metadataFunction.invokeExact(model, key, buffer, size));
  }

  private final MethodHandle chatTemplateFunction =
      function("llama_model_chat_template", ADDRESS, ADDRESS, ADDRESS);

  MemorySegment chatTemplate(MemorySegment model, MemorySegment name) {
    return call(() -> (MemorySegment) chatTemplateFunction.invokeExact(model, name));
  }

  private final MethodHandle loadAdapterFunction =
      function("llama_adapter_lora_init", ADDRESS, ADDRESS, ADDRESS);

  MemorySegment loadAdapter(MemorySegment model, MemorySegment path) {
    return call(() -> (MemorySegment) loadAdapterFunction.invokeExact(model, path));
  }

  private final MethodHandle freeAdapterFunction = procedure("llama_adapter_lora_free", ADDRESS);

  void freeAdapter(MemorySegment adapter) {
    run(
        () -> {
          freeAdapterFunction.invokeExact(adapter);
        });
  }
}
