package dev.finch.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.util.Objects.requireNonNull;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.Map;

/**
 * The layouts, callbacks and numbers of {@code include/llama.h} and {@code ggml.h} of llama.cpp
 * b4916 on 64-bit Linux and macOS, and their fields by name.
 */
final class B4916Structs {

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

  /** Bits of a token's attributes: what is looked for in a text before it is cut into words. */
  static final int TOKEN_USER_DEFINED = 1 << 4;

  static final int TOKEN_SPECIAL = 1 | 1 << 3 | TOKEN_USER_DEFINED;

  /** Takes the blanks on its left or right. */
  static final int TOKEN_STRIPS = 1 << 7 | 1 << 8;

  private B4916Structs() {}

  static int ggmlType(KvType type) {
    return requireNonNull(GGML_TYPES.get(type));
  }

  /** The text of a C string, empty for a null pointer. */
  static String string(MemorySegment pointer) {
    return pointer.equals(MemorySegment.NULL)
        ? ""
        : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

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
}
