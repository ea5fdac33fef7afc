package dev.finch.engine;

import static dev.finch.engine.B4916Structs.CONTEXT_PARAMS;
import static dev.finch.engine.B4916Structs.set;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufValidator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Loads models with llama.cpp: checks the files, loads them, makes the context and finds out how
 * many threads are fastest.
 */
final class LlamaLoad implements EngineFactory {

  // Holes in the cache are closed when they make up this share of it.
  private static final float DEFRAGMENTATION_THRESHOLD = 0.1f;

  private final Path cache;

  /**
   * @param cache Finch's cache directory, below which the native library is extracted
   */
  LlamaLoad(Path cache) {
    this.cache = cache;
  }

  @Override
  public Engine load(Plan plan, Progress progress) {
    LlamaB4916 llama = LlamaLibrary.open(cache);
    GgufModel header = GgufValidator.check(plan.files(), Architectures.B4916);
    plan.adapters().values().forEach(file -> checkAdapter(file, header.architecture()));
    LlamaModel model = LlamaModel.load(llama, plan, progress);
    LlamaEngine engine;
    try {
      MemorySegment context = newContext(model, plan);
      engine =
          new LlamaEngine(
              model, context, model.facts(header, plan, llama.contexts().contextLength(context)));
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    try {
      engine.useThreads(threads(engine, plan, progress));
      return engine;
    } catch (RuntimeException | Error e) {
      engine.close();
      throw e;
    }
  }

  private int threads(LlamaEngine engine, Plan plan, Progress progress) {
    int processors = Runtime.getRuntime().availableProcessors();
    if (plan.threads() > 0) {
      return plan.threads();
    }
    if (!ThreadCount.worthMeasuring(engine.facts().weights().bytes(), processors)) {
      return 1;
    }
    MeasuredThreads measured = new MeasuredThreads(cache, engine.facts(), processors);
    OptionalInt known = measured.known();
    if (known.isPresent()) {
      return known.getAsInt();
    }
    Calibration calibration = new Calibration(engine, engine::useThreads, progress);
    int fastest = ThreadCount.fastest(processors, calibration);
    measured.remember(fastest);
    return fastest;
  }

  private static void checkAdapter(Path file, String architecture) {
    if (Files.isDirectory(file) || file.toString().endsWith(".safetensors")) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.UNSUPPORTED_MODEL,
              file + " is an adapter in PEFT's form (expected: a GGUF file).",
              "Convert it with llama.cpp's convert_lora_to_gguf.py."));
    }
    GgufValidator.checkAdapter(file, architecture);
  }

  private static MemorySegment newContext(LlamaModel model, EngineFactory.Plan plan) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment params = model.llama().contexts().contextDefaultParams(scratch);
      int cells = Math.multiplyExact(model.contextLength(plan), plan.slots());
      set(CONTEXT_PARAMS, params, "n_ctx", cells);
      // One batch is one micro-batch, so that a batch is either processed whole or not at all.
      set(CONTEXT_PARAMS, params, "n_batch", plan.batchTokens());
      set(CONTEXT_PARAMS, params, "n_ubatch", plan.batchTokens());
      set(CONTEXT_PARAMS, params, "n_seq_max", plan.sequences());
      set(CONTEXT_PARAMS, params, "pooling_type", B4916Structs.POOLING_NONE);
      set(CONTEXT_PARAMS, params, "defrag_thold", DEFRAGMENTATION_THRESHOLD);
      set(CONTEXT_PARAMS, params, "type_k", B4916Structs.ggmlType(plan.kvType()));
      set(CONTEXT_PARAMS, params, "type_v", B4916Structs.ggmlType(plan.kvType()));
      set(CONTEXT_PARAMS, params, "flash_attn", plan.kvType() != KvType.F16);
      set(CONTEXT_PARAMS, params, "no_perf", true);
      MemorySegment context = model.llama().contexts().newContext(model.handle(), params);
      if (context.equals(MemorySegment.NULL)) {
        throw new FinchException(
            Failure.permanent(
                FailureCode.LOAD_FAILED,
                "llama.cpp could make no context of %d tokens: %s."
                    .formatted(cells, LlamaLibrary.takeLastError()),
                "Lower finch.engine.context-length or finch.engine.slots."));
      }
      NativeCount.allocated();
      return context;
    }
  }
}
