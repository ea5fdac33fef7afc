package dev.finch.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/**
 * The C API of llama.cpp b4916 (2025-03-18), the release inside de.kherud:llama 4.2.0: the layouts
 * of the structs that go by value, the functions' names and shapes, and the architectures it knows.
 * Everything that another release would change stands here.
 *
 * <p>Layouts follow {@code include/llama.h} of that release on 64-bit Linux and macOS; {@link
 * #verify} compares the defaults that the library fills in with the header's.
 */
final class LlamaB4916 {

  static final String NAME = "llama.cpp b4916";

  static final StructLayout MODEL_PARAMS =
      MemoryLayout.structLayout(
          ADDRESS.withName("devices"),
          JAVA_INT.withName("n_gpu_layers"),
          JAVA_INT.withName("split_mode"),
          JAVA_INT.withName("main_gpu"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("tensor_split"),
          ADDRESS.withName("progress_callback"),
          ADDRESS.withName("progress_callback_user_data"),
          ADDRESS.withName("kv_overrides"),
          JAVA_BOOLEAN.withName("vocab_only"),
          JAVA_BOOLEAN.withName("use_mmap"),
          JAVA_BOOLEAN.withName("use_mlock"),
          JAVA_BOOLEAN.withName("check_tensors"),
          MemoryLayout.paddingLayout(4));

  static final StructLayout CONTEXT_PARAMS =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n_ctx"),
          JAVA_INT.withName("n_batch"),
          JAVA_INT.withName("n_ubatch"),
          JAVA_INT.withName("n_seq_max"),
          JAVA_INT.withName("n_threads"),
          JAVA_INT.withName("n_threads_batch"),
          JAVA_INT.withName("rope_scaling_type"),
          JAVA_INT.withName("pooling_type"),
          JAVA_INT.withName("attention_type"),
          JAVA_FLOAT.withName("rope_freq_base"),
          JAVA_FLOAT.withName("rope_freq_scale"),
          JAVA_FLOAT.withName("yarn_ext_factor"),
          JAVA_FLOAT.withName("yarn_attn_factor"),
          JAVA_FLOAT.withName("yarn_beta_fast"),
          JAVA_FLOAT.withName("yarn_beta_slow"),
          JAVA_INT.withName("yarn_orig_ctx"),
          JAVA_FLOAT.withName("defrag_thold"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("cb_eval"),
          ADDRESS.withName("cb_eval_user_data"),
          JAVA_INT.withName("type_k"),
          JAVA_INT.withName("type_v"),
          JAVA_BOOLEAN.withName("logits_all"),
          JAVA_BOOLEAN.withName("embeddings"),
          JAVA_BOOLEAN.withName("offload_kqv"),
          JAVA_BOOLEAN.withName("flash_attn"),
          JAVA_BOOLEAN.withName("no_perf"),
          MemoryLayout.paddingLayout(3),
          ADDRESS.withName("abort_callback"),
          ADDRESS.withName("abort_callback_data"));

  static final StructLayout BATCH =
      MemoryLayout.structLayout(
          JAVA_INT.withName("n_tokens"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("token"),
          ADDRESS.withName("embd"),
          ADDRESS.withName("pos"),
          ADDRESS.withName("n_seq_id"),
          ADDRESS.withName("seq_id"),
          ADDRESS.withName("logits"));

  static final StructLayout TOKEN_DATA =
      MemoryLayout.structLayout(
          JAVA_INT.withName("id"), JAVA_FLOAT.withName("logit"), JAVA_FLOAT.withName("p"));

  static final StructLayout TOKEN_DATA_ARRAY =
      MemoryLayout.structLayout(
          ADDRESS.withName("data"),
          JAVA_LONG.withName("size"),
          JAVA_LONG.withName("selected"),
          JAVA_BOOLEAN.withName("sorted"),
          MemoryLayout.paddingLayout(7));

  static final StructLayout LOGIT_BIAS =
      MemoryLayout.structLayout(JAVA_INT.withName("token"), JAVA_FLOAT.withName("bias"));

  static final StructLayout CHAIN_PARAMS =
      MemoryLayout.structLayout(JAVA_BOOLEAN.withName("no_perf"));

  /** {@code bool (float progress, void * user_data)}. */
  static final FunctionDescriptor PROGRESS_CALLBACK =
      FunctionDescriptor.of(JAVA_BOOLEAN, JAVA_FLOAT, ADDRESS);

  /** {@code void (enum ggml_log_level level, const char * text, void * user_data)}. */
  static final FunctionDescriptor LOG_CALLBACK =
      FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS);

  /** {@code LLAMA_POOLING_TYPE_NONE}. */
  static final int POOLING_NONE = 0;

  /** {@code LLAMA_POOLING_TYPE_LAST}. */
  static final int POOLING_LAST = 3;

  private static final Map<KvType, Integer> GGML_TYPES = Map.of(KvType.F16, 1, KvType.Q8_0, 8);

  /** {@code GGML_BACKEND_DEVICE_TYPE_GPU}. */
  static final int DEVICE_TYPE_GPU = 1;

  private final SymbolLookup library;

  LlamaB4916(SymbolLookup library) {
    // Before the field initialisers, which look the functions up in it.
    this.library = library;
    super();
  }

  /**
   * Refuses a library whose defaults are not those of this release.
   *
   * @throws FinchException with {@link FailureCode#ENGINE_UNAVAILABLE}, naming the first difference
   */
  void verify() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = contextDefaultParams(arena);
      same("n_ctx", 512, intField(CONTEXT_PARAMS, context, "n_ctx"));
      same("n_batch", 2048, intField(CONTEXT_PARAMS, context, "n_batch"));
      same("n_ubatch", 512, intField(CONTEXT_PARAMS, context, "n_ubatch"));
      same("n_seq_max", 1, intField(CONTEXT_PARAMS, context, "n_seq_max"));
      same("type_k", 1, intField(CONTEXT_PARAMS, context, "type_k"));
      same("type_v", 1, intField(CONTEXT_PARAMS, context, "type_v"));
      same("offload_kqv", true, boolField(CONTEXT_PARAMS, context, "offload_kqv"));
      same("flash_attn", false, boolField(CONTEXT_PARAMS, context, "flash_attn"));
      same("defrag_thold", -1f, floatField(CONTEXT_PARAMS, context, "defrag_thold"));
      MemorySegment model = modelDefaultParams(arena);
      same("split_mode", 1, intField(MODEL_PARAMS, model, "split_mode"));
      same("use_mmap", true, boolField(MODEL_PARAMS, model, "use_mmap"));
      same("use_mlock", false, boolField(MODEL_PARAMS, model, "use_mlock"));
      same("vocab_only", false, boolField(MODEL_PARAMS, model, "vocab_only"));
    }
  }

  private static void same(String field, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.ENGINE_UNAVAILABLE,
              "The native library is not %s: its default of %s is %s (expected: %s)."
                  .formatted(NAME, field, actual, expected),
              "Keep the de.kherud:llama version that Finch names."));
    }
  }

  static int ggmlType(KvType type) {
    return requireNonNull(GGML_TYPES.get(type));
  }

  /** The text of a C string, empty for a null pointer. */
  static String string(MemorySegment pointer) {
    return pointer.equals(MemorySegment.NULL)
        ? ""
        : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  // ── Fields of structs ─────────────────────────────────────────────────────────────────────────

  static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }

  static int intField(StructLayout layout, MemorySegment struct, String field) {
    return struct.get(JAVA_INT, offset(layout, field));
  }

  static float floatField(StructLayout layout, MemorySegment struct, String field) {
    return struct.get(JAVA_FLOAT, offset(layout, field));
  }

  static boolean boolField(StructLayout layout, MemorySegment struct, String field) {
    return struct.get(JAVA_BOOLEAN, offset(layout, field));
  }

  static void set(StructLayout layout, MemorySegment struct, String field, int value) {
    struct.set(JAVA_INT, offset(layout, field), value);
  }

  static void set(StructLayout layout, MemorySegment struct, String field, float value) {
    struct.set(JAVA_FLOAT, offset(layout, field), value);
  }

  static void set(StructLayout layout, MemorySegment struct, String field, boolean value) {
    struct.set(JAVA_BOOLEAN, offset(layout, field), value);
  }

  static void set(StructLayout layout, MemorySegment struct, String field, MemorySegment value) {
    struct.set(ADDRESS, offset(layout, field), value);
  }

  private final MethodHandle modelDefaultParamsFunction =
      function("llama_model_default_params", MODEL_PARAMS);

  MemorySegment modelDefaultParams(SegmentAllocator allocator) {
    return call(() -> (MemorySegment) modelDefaultParamsFunction.invokeExact(allocator));
  }

  private final MethodHandle contextDefaultParamsFunction =
      function("llama_context_default_params", CONTEXT_PARAMS);

  MemorySegment contextDefaultParams(SegmentAllocator allocator) {
    return call(() -> (MemorySegment) contextDefaultParamsFunction.invokeExact(allocator));
  }

  // ── Library and devices
  // ─────────────────────────────────────────────────────────────────────────

  private final MethodHandle backendInitFunction = procedure("llama_backend_init");

  void backendInit() {
    run(
        () -> {
          backendInitFunction.invokeExact();
        });
  }

  private final MethodHandle logSetFunction = procedure("llama_log_set", ADDRESS, ADDRESS);

  void logSet(MemorySegment callback, MemorySegment data) {
    run(
        () -> {
          logSetFunction.invokeExact(callback, data);
        });
  }

  private final MethodHandle supportsGpuOffloadFunction =
      function("llama_supports_gpu_offload", JAVA_BOOLEAN);

  boolean supportsGpuOffload() {
    return call(() -> (boolean) supportsGpuOffloadFunction.invokeExact());
  }

  private final MethodHandle deviceCountFunction = function("ggml_backend_dev_count", JAVA_LONG);

  long deviceCount() {
    return call(() -> (long) deviceCountFunction.invokeExact());
  }

  private final MethodHandle deviceFunction = function("ggml_backend_dev_get", ADDRESS, JAVA_LONG);

  MemorySegment device(long index) {
    return call(() -> (MemorySegment) deviceFunction.invokeExact(index));
  }

  private final MethodHandle deviceTypeFunction =
      function("ggml_backend_dev_type", JAVA_INT, ADDRESS);

  int deviceType(MemorySegment device) {
    return call(() -> (int) deviceTypeFunction.invokeExact(device));
  }

  private final MethodHandle deviceDescriptionFunction =
      function("ggml_backend_dev_description", ADDRESS, ADDRESS);

  MemorySegment deviceDescription(MemorySegment device) {
    return call(() -> (MemorySegment) deviceDescriptionFunction.invokeExact(device));
  }

  // ── Models
  // ──────────────────────────────────────────────────────────────────────────────────────

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

  // ── Contexts
  // ────────────────────────────────────────────────────────────────────────────────────

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

  // ── Vocabulary
  // ──────────────────────────────────────────────────────────────────────────────────

  private final MethodHandle vocabularySizeFunction =
      function("llama_vocab_n_tokens", JAVA_INT, ADDRESS);

  int vocabularySize(MemorySegment vocabulary) {
    return call(() -> (int) vocabularySizeFunction.invokeExact(vocabulary));
  }

  private final MethodHandle tokenizeFunction =
      function(
          "llama_tokenize",
          JAVA_INT,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_BOOLEAN,
          JAVA_BOOLEAN);

  int tokenize(
      MemorySegment vocabulary,
      MemorySegment text,
      int length,
      MemorySegment tokens,
      int capacity,
      boolean addSpecial,
      boolean parseSpecial) {
    return call(
        () ->
            (int)
                tokenizeFunction.invokeExact(
                    vocabulary, text, length, tokens, capacity, addSpecial, parseSpecial));
  }

  private final MethodHandle pieceFunction =
      function(
          "llama_token_to_piece",
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_BOOLEAN);

  int piece(
      MemorySegment vocabulary,
      int token,
      MemorySegment buffer,
      int size,
      int skippedSpaces,
      boolean special) {
    return call(
        () ->
            (int)
                pieceFunction.invokeExact(vocabulary, token, buffer, size, skippedSpaces, special));
  }

  private final MethodHandle endsGenerationFunction =
      function("llama_vocab_is_eog", JAVA_BOOLEAN, ADDRESS, JAVA_INT);

  boolean endsGeneration(MemorySegment vocabulary, int token) {
    return call(() -> (boolean) endsGenerationFunction.invokeExact(vocabulary, token));
  }

  private final MethodHandle isControlFunction =
      function("llama_vocab_is_control", JAVA_BOOLEAN, ADDRESS, JAVA_INT);

  boolean isControl(MemorySegment vocabulary, int token) {
    return call(() -> (boolean) isControlFunction.invokeExact(vocabulary, token));
  }

  private final MethodHandle addsBeginningFunction =
      function("llama_vocab_get_add_bos", JAVA_BOOLEAN, ADDRESS);

  boolean addsBeginning(MemorySegment vocabulary) {
    return call(() -> (boolean) addsBeginningFunction.invokeExact(vocabulary));
  }

  private final MethodHandle beginningFunction = function("llama_vocab_bos", JAVA_INT, ADDRESS);

  int beginning(MemorySegment vocabulary) {
    return call(() -> (int) beginningFunction.invokeExact(vocabulary));
  }

  private final MethodHandle endFunction = function("llama_vocab_eos", JAVA_INT, ADDRESS);

  int end(MemorySegment vocabulary) {
    return call(() -> (int) endFunction.invokeExact(vocabulary));
  }

  private final MethodHandle infillPrefixFunction =
      function("llama_vocab_fim_pre", JAVA_INT, ADDRESS);

  int infillPrefix(MemorySegment vocabulary) {
    return call(() -> (int) infillPrefixFunction.invokeExact(vocabulary));
  }

  private final MethodHandle infillSuffixFunction =
      function("llama_vocab_fim_suf", JAVA_INT, ADDRESS);

  int infillSuffix(MemorySegment vocabulary) {
    return call(() -> (int) infillSuffixFunction.invokeExact(vocabulary));
  }

  private final MethodHandle infillMiddleFunction =
      function("llama_vocab_fim_mid", JAVA_INT, ADDRESS);

  int infillMiddle(MemorySegment vocabulary) {
    return call(() -> (int) infillMiddleFunction.invokeExact(vocabulary));
  }

  // ── Samplers
  // ────────────────────────────────────────────────────────────────────────────────────

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

  // ── Calling ───────────────────────────────────────────────────────────────────────────────────

  private MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bind(name, FunctionDescriptor.of(result, arguments));
  }

  private MethodHandle procedure(String name, MemoryLayout... arguments) {
    return bind(name, FunctionDescriptor.ofVoid(arguments));
  }

  private MethodHandle bind(String name, FunctionDescriptor shape) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(
                () ->
                    new FinchException(
                        Failure.permanent(
                            FailureCode.ENGINE_UNAVAILABLE,
                            "The native library has no function "
                                + name
                                + " (expected: "
                                + NAME
                                + ").",
                            "Keep the de.kherud:llama version that Finch names.")));
    return Linker.nativeLinker().downcallHandle(address, shape);
  }

  private interface Function<T> {
    T call() throws Throwable;
  }

  private interface Procedure {
    void run() throws Throwable;
  }

  private static <T> T call(Function<T> function) {
    try {
      return function.call();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Procedure procedure) {
    call(
        () -> {
          procedure.run();
          return true;
        });
  }
}
