package dev.finch.engine;

import static dev.finch.engine.B4916Structs.MODEL_PARAMS;
import static dev.finch.engine.B4916Structs.set;
import static java.lang.foreign.ValueLayout.ADDRESS;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.GgufModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The weights and the vocabulary of a loaded model, with its adapters. */
final class LlamaModel implements AutoCloseable {

  private static final int ALL_LAYERS = 999;

  private final LlamaB4916 llama;
  private final B4916Models models;
  private final MemorySegment handle;
  private final LlamaVocabulary vocabulary;
  private final LlamaTokenizer tokenizer;
  private final String device;
  private final Map<String, MemorySegment> adapters = new HashMap<>();

  private LlamaModel(LlamaB4916 llama, MemorySegment handle, String device) {
    this.llama = llama;
    this.handle = handle;
    this.device = device;
    models = llama.models();
    vocabulary = new LlamaVocabulary(llama.vocabulary(), models.vocabulary(handle));
    tokenizer =
        new LlamaTokenizer(
            vocabulary, metadata("tokenizer.ggml.model"), metadata("tokenizer.ggml.pre"));
  }

  static LlamaModel load(
      LlamaB4916 llama, EngineFactory.Plan plan, EngineFactory.Progress progress) {
    String gpu = gpu(llama, plan.device());
    ProgressUpcall upcall = new ProgressUpcall(progress);
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment params = llama.models().modelDefaultParams(scratch);
      set(MODEL_PARAMS, params, "n_gpu_layers", gpu == null ? 0 : ALL_LAYERS);
      set(MODEL_PARAMS, params, "use_mmap", plan.memoryMap());
      set(MODEL_PARAMS, params, "progress_callback", upcall.stub(scratch));
      LlamaLibrary.takeLastError();
      MemorySegment handle = open(llama, plan.files(), params, scratch);
      if (handle.equals(MemorySegment.NULL)) {
        throw upcall.failure(plan.files().getFirst());
      }
      NativeCount.allocated();
      LlamaModel model = new LlamaModel(llama, handle, gpu == null ? "CPU" : gpu);
      model.loadAdapters(plan.adapters());
      return model;
    }
  }

  private static MemorySegment open(
      LlamaB4916 llama, List<Path> files, MemorySegment params, Arena scratch) {
    if (files.size() == 1) {
      return llama.models().loadFromFile(scratch.allocateFrom(files.getFirst().toString()), params);
    }
    MemorySegment paths = scratch.allocate(ADDRESS, files.size());
    for (int i = 0; i < files.size(); i++) {
      paths.setAtIndex(ADDRESS, i, scratch.allocateFrom(files.get(i).toString()));
    }
    return llama.models().loadFromSplits(paths, files.size(), params);
  }

  /** The GPU to use, or null for the CPU. */
  private static @Nullable String gpu(LlamaB4916 llama, DevicePreference preference) {
    if (preference == DevicePreference.CPU) {
      return null;
    }
    for (long i = 0; i < llama.devices().deviceCount(); i++) {
      MemorySegment candidate = llama.devices().device(i);
      if (llama.devices().deviceType(candidate) == B4916Structs.DEVICE_TYPE_GPU) {
        return B4916Structs.string(llama.devices().deviceDescription(candidate));
      }
    }
    if (preference == DevicePreference.GPU) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.LOAD_FAILED,
              "finch.engine.device is gpu, but the shipped llama.cpp can use no GPU here.",
              "Set finch.engine.device to auto or cpu."));
    }
    return null;
  }

  private void loadAdapters(Map<String, Path> files) {
    try (Arena scratch = Arena.ofConfined()) {
      files.forEach(
          (name, file) -> {
            MemorySegment adapter =
                models.loadAdapter(handle, scratch.allocateFrom(file.toString()));
            if (adapter.equals(MemorySegment.NULL)) {
              throw new FinchException(
                  Failure.permanent(
                      FailureCode.LOAD_FAILED,
                      "The adapter %s does not fit this model: %s."
                          .formatted(file, LlamaLibrary.takeLastError()),
                      "Remove it from finch.adapters, or load the model it was made for."));
            }
            NativeCount.allocated();
            adapters.put(name, adapter);
          });
    } catch (FinchException e) {
      close();
      throw e;
    }
  }

  LlamaB4916 llama() {
    return llama;
  }

  MemorySegment handle() {
    return handle;
  }

  LlamaVocabulary vocabulary() {
    return vocabulary;
  }

  LlamaTokenizer tokenizer() {
    return tokenizer;
  }

  MemorySegment adapter(String name) {
    MemorySegment adapter = adapters.get(name);
    if (adapter == null) {
      throw new IllegalArgumentException(
          "adapter: " + name + " (expected: " + adapters.keySet() + ")");
    }
    return adapter;
  }

  /** Tokens that one conversation may hold. */
  int contextLength(EngineFactory.Plan plan) {
    return plan.contextLength() > 0
        ? plan.contextLength()
        : Math.clamp(models.trainedContext(handle), 1, plan.contextLimit());
  }

  /** What was loaded, with one thread. */
  EngineFacts facts(GgufModel header, EngineFactory.Plan plan, int cells) {
    String architecture = header.architecture();
    String pooling = metadata(architecture + ".pooling_type");
    EngineFacts.Weights weights =
        new EngineFacts.Weights(
            architecture,
            models.parameterCount(handle),
            header.quantization(),
            models.modelSize(handle),
            plan.memoryMap(),
            vocabulary.size(),
            !models.isRecurrent(handle),
            !pooling.equals(String.valueOf(B4916Structs.POOLING_LAST)));
    return new EngineFacts(
        weights,
        room(plan, cells),
        new EngineFacts.Compute(LlamaB4916.NAME, device, 1),
        new EngineFacts.ChatTexts(
            template(), toolTemplate(), vocabulary.beginning(), vocabulary.end()));
  }

  private EngineFacts.Room room(EngineFactory.Plan plan, int cells) {
    return new EngineFacts.Room(
        contextLength(plan),
        cells,
        plan.sequences(),
        plan.batchTokens(),
        kvCacheBytes(plan.kvType(), cells));
  }

  private long kvCacheBytes(KvType type, int cells) {
    int heads = Math.max(1, models.headCount(handle));
    long width = (long) models.embeddingLength(handle) / heads * models.kvHeadCount(handle);
    return Math.round(2.0 * models.layerCount(handle) * width * cells * type.bytesPerValue());
  }

  private @Nullable String template() {
    MemorySegment template = models.chatTemplate(handle, MemorySegment.NULL);
    return template.equals(MemorySegment.NULL) ? null : B4916Structs.string(template);
  }

  /**
   * The template for conversations with tools. This release's {@code llama_model_chat_template}
   * puts the architecture where the name belongs, so the metadata are asked.
   */
  private @Nullable String toolTemplate() {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment key = scratch.allocateFrom("tokenizer.chat_template.tool_use");
      MemorySegment none = scratch.allocate(1);
      int length = models.metadata(handle, key, none, none.byteSize());
      if (length < 0) {
        return null;
      }
      MemorySegment buffer = scratch.allocate(length + 1L);
      models.metadata(handle, key, buffer, buffer.byteSize());
      return buffer.getString(0);
    }
  }

  /** A value of the file's metadata as text, empty where it is missing. */
  private String metadata(String key) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment buffer = scratch.allocate(512);
      int length = models.metadata(handle, scratch.allocateFrom(key), buffer, buffer.byteSize());
      return length < 0 ? "" : buffer.getString(0);
    }
  }

  @Override
  public void close() {
    adapters
        .values()
        .forEach(
            adapter -> {
              models.freeAdapter(adapter);
              NativeCount.freed();
            });
    adapters.clear();
    models.freeModel(handle);
    NativeCount.freed();
  }
}
