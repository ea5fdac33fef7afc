package dev.finch.engine;

import static dev.finch.engine.B4916Structs.MODEL_PARAMS;
import static dev.finch.platform.NativeFunction.isTrue;
import static dev.finch.platform.NativeFunction.pointer;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.finch.platform.NativeFunction;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/** Models and their adapters, as llama.cpp b4916 exports them. */
final class B4916Models extends NativeFunctions {

  private static final FunctionDescriptor GIVES_PARAMS = FunctionDescriptor.of(MODEL_PARAMS);
  private static final FunctionDescriptor LOADS =
      FunctionDescriptor.of(ADDRESS, ADDRESS, MODEL_PARAMS);
  private static final FunctionDescriptor LOADS_SPLITS =
      FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, MODEL_PARAMS);

  /** What every load calls. */
  static final List<FunctionDescriptor> SHAPES = List.of(GIVES_PARAMS, LOADS);

  B4916Models(SymbolLookup library) {
    super(library, LlamaB4916.NAME);
  }

  private final StructFunction modelDefaultParams =
      function("llama_model_default_params", GIVES_PARAMS);

  MemorySegment modelDefaultParams(SegmentAllocator allocator) {
    return call(() -> (MemorySegment) modelDefaultParams.handle().invokeExact(allocator));
  }

  private final StructFunction loadFromFile = function("llama_model_load_from_file", LOADS);

  MemorySegment loadFromFile(MemorySegment path, MemorySegment params) {
    return call(() -> (MemorySegment) loadFromFile.handle().invokeExact(path, params));
  }

  private final StructFunction loadFromSplits =
      function("llama_model_load_from_splits", LOADS_SPLITS);

  MemorySegment loadFromSplits(MemorySegment paths, long count, MemorySegment params) {
    return call(() -> (MemorySegment) loadFromSplits.handle().invokeExact(paths, count, params));
  }

  private final NativeFunction freeModel = plain("llama_model_free");

  void freeModel(MemorySegment model) {
    freeModel.call(pointer(model));
  }

  private final NativeFunction vocabulary = plain("llama_model_get_vocab");

  MemorySegment vocabulary(MemorySegment model) {
    return MemorySegment.ofAddress(vocabulary.call(pointer(model)));
  }

  private final NativeFunction parameterCount = plain("llama_model_n_params");

  long parameterCount(MemorySegment model) {
    return parameterCount.call(pointer(model));
  }

  private final NativeFunction modelSize = plain("llama_model_size");

  long modelSize(MemorySegment model) {
    return modelSize.call(pointer(model));
  }

  private final NativeFunction trainedContext = plain("llama_model_n_ctx_train");

  int trainedContext(MemorySegment model) {
    return (int) trainedContext.call(pointer(model));
  }

  private final NativeFunction embeddingLength = plain("llama_model_n_embd");

  int embeddingLength(MemorySegment model) {
    return (int) embeddingLength.call(pointer(model));
  }

  private final NativeFunction isRecurrent = plain("llama_model_is_recurrent");

  boolean isRecurrent(MemorySegment model) {
    return isTrue(isRecurrent.call(pointer(model)));
  }

  private final NativeFunction layerCount = plain("llama_model_n_layer");

  int layerCount(MemorySegment model) {
    return (int) layerCount.call(pointer(model));
  }

  private final NativeFunction headCount = plain("llama_model_n_head");

  int headCount(MemorySegment model) {
    return (int) headCount.call(pointer(model));
  }

  private final NativeFunction kvHeadCount = plain("llama_model_n_head_kv");

  int kvHeadCount(MemorySegment model) {
    return (int) kvHeadCount.call(pointer(model));
  }

  private final NativeFunction metadata = plain("llama_model_meta_val_str");

  int metadata(MemorySegment model, MemorySegment key, MemorySegment buffer, long size) {
    return (int) metadata.call(pointer(model), pointer(key), pointer(buffer), size);
  }

  private final NativeFunction chatTemplate = plain("llama_model_chat_template");

  MemorySegment chatTemplate(MemorySegment model, MemorySegment name) {
    return MemorySegment.ofAddress(chatTemplate.call(pointer(model), pointer(name)));
  }

  private final NativeFunction loadAdapter = plain("llama_adapter_lora_init");

  MemorySegment loadAdapter(MemorySegment model, MemorySegment path) {
    return MemorySegment.ofAddress(loadAdapter.call(pointer(model), pointer(path)));
  }

  private final NativeFunction freeAdapter = plain("llama_adapter_lora_free");

  void freeAdapter(MemorySegment adapter) {
    freeAdapter.call(pointer(adapter));
  }
}
