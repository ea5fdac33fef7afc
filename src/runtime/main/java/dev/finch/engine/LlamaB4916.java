package dev.finch.engine;

import static dev.finch.engine.B4916Structs.CONTEXT_PARAMS;
import static dev.finch.engine.B4916Structs.MODEL_PARAMS;
import static dev.finch.engine.B4916Structs.boolField;
import static dev.finch.engine.B4916Structs.floatField;
import static dev.finch.engine.B4916Structs.intField;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.platform.NativeFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * The C API of llama.cpp b4916 (2025-03-18), the release inside de.kherud:llama 4.2.0. What another
 * release would change stands in this class, in {@link B4916Structs} and in the groups of
 * functions.
 *
 * @param devices the library and what it can compute on
 * @param models models and adapters
 * @param contexts decoding and the KV cache
 * @param vocabulary tokens and their texts
 * @param samplers how tokens are chosen
 */
record LlamaB4916(
    B4916Devices devices,
    B4916Models models,
    B4916Contexts contexts,
    B4916Vocabulary vocabulary,
    B4916Samplers samplers) {

  static final String NAME = "llama.cpp b4916";

  /** Links every shape that an answer needs, for which the first model would wait. */
  static void linkAhead() {
    NativeFunction.linkAhead();
    B4916Models.SHAPES.forEach(NativeFunctions::link);
    B4916Contexts.SHAPES.forEach(NativeFunctions::link);
    ProgressUpcall.linkAhead();
  }

  /**
   * Looks all functions up.
   *
   * @throws FinchException with {@link FailureCode#ENGINE_UNAVAILABLE}, naming one that is missing
   */
  static LlamaB4916 of(SymbolLookup library) {
    return new LlamaB4916(
        new B4916Devices(library),
        new B4916Models(library),
        new B4916Contexts(library),
        new B4916Vocabulary(library),
        new B4916Samplers(library));
  }

  /**
   * Refuses a library whose defaults are not those of this release.
   *
   * @throws FinchException with {@link FailureCode#ENGINE_UNAVAILABLE}, naming the first difference
   */
  void verify() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = contexts.contextDefaultParams(arena);
      same("n_ctx", 512, intField(CONTEXT_PARAMS, context, "n_ctx"));
      same("n_batch", 2048, intField(CONTEXT_PARAMS, context, "n_batch"));
      same("n_ubatch", 512, intField(CONTEXT_PARAMS, context, "n_ubatch"));
      same("n_seq_max", 1, intField(CONTEXT_PARAMS, context, "n_seq_max"));
      same("type_k", 1, intField(CONTEXT_PARAMS, context, "type_k"));
      same("type_v", 1, intField(CONTEXT_PARAMS, context, "type_v"));
      same("offload_kqv", true, boolField(CONTEXT_PARAMS, context, "offload_kqv"));
      same("flash_attn", false, boolField(CONTEXT_PARAMS, context, "flash_attn"));
      same("defrag_thold", -1f, floatField(CONTEXT_PARAMS, context, "defrag_thold"));
      MemorySegment model = models.modelDefaultParams(arena);
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
}
