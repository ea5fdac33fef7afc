package dev.finch.engine;

import static dev.finch.engine.B4916Structs.MODEL_PARAMS;
import static dev.finch.engine.B4916Structs.set;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.GgufModel;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The weights and the vocabulary of a loaded model, with its adapters. */
final class LlamaModel implements AutoCloseable {

  private static final int ALL_LAYERS = 999;

  private final LlamaB4916 llama;
  private final MemorySegment handle;
  private final MemorySegment vocabulary;
  private final String device;
  private final Map<String, MemorySegment> adapters = new HashMap<>();

  private LlamaModel(LlamaB4916 llama, MemorySegment handle, String device) {
    this.llama = llama;
    this.handle = handle;
    this.device = device;
    vocabulary = llama.models().vocabulary(handle);
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
                llama.models().loadAdapter(handle, scratch.allocateFrom(file.toString()));
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

  MemorySegment vocabulary() {
    return vocabulary;
  }

  long weightBytes() {
    return llama.models().modelSize(handle);
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
        : Math.clamp(llama.models().trainedContext(handle), 1, plan.contextLimit());
  }

  /** What was loaded, with one thread. */
  EngineFacts facts(GgufModel header, EngineFactory.Plan plan, int cells) {
    MemorySegment template = llama.models().chatTemplate(handle, MemorySegment.NULL);
    String architecture = header.architecture();
    return new EngineFacts(
        LlamaB4916.NAME,
        architecture,
        header.name().orElse(""),
        llama.models().parameterCount(handle),
        header.quantization(),
        weightBytes(),
        kvCacheBytes(plan.kvType(), cells),
        llama.models().trainedContext(handle),
        contextLength(plan),
        cells,
        plan.sequences(),
        plan.batchTokens(),
        llama.vocabulary().vocabularySize(vocabulary),
        1,
        device,
        plan.memoryMap(),
        llama.vocabulary().addsBeginning(vocabulary),
        template.equals(MemorySegment.NULL) ? null : B4916Structs.string(template),
        specialText(llama.vocabulary().beginning(vocabulary)),
        specialText(llama.vocabulary().end(vocabulary)),
        !llama.models().isRecurrent(handle),
        !metadata(architecture + ".pooling_type")
            .equals(String.valueOf(B4916Structs.POOLING_LAST)));
  }

  private long kvCacheBytes(KvType type, int cells) {
    int heads = Math.max(1, llama.models().headCount(handle));
    long width =
        (long) llama.models().embeddingLength(handle) / heads * llama.models().kvHeadCount(handle);
    return Math.round(
        2.0 * llama.models().layerCount(handle) * width * cells * type.bytesPerValue());
  }

  private String specialText(int token) {
    if (token < 0) {
      return "";
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment buffer = scratch.allocate(256);
      int length =
          llama.vocabulary().piece(vocabulary, token, buffer, (int) buffer.byteSize(), 0, true);
      byte[] bytes = buffer.asSlice(0, Math.max(0, length)).toArray(JAVA_BYTE);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A value of the file's metadata as text, empty where it is missing. */
  private String metadata(String key) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment buffer = scratch.allocate(512);
      int length =
          llama.models().metadata(handle, scratch.allocateFrom(key), buffer, buffer.byteSize());
      return length < 0 ? "" : buffer.getString(0);
    }
  }

  @Override
  public void close() {
    adapters
        .values()
        .forEach(
            adapter -> {
              llama.models().freeAdapter(adapter);
              NativeCount.freed();
            });
    adapters.clear();
    llama.models().freeModel(handle);
    NativeCount.freed();
  }

  /** The progress callback as the library calls it. */
  private static final class ProgressUpcall {

    private final EngineFactory.Progress progress;
    private boolean refused;
    private @Nullable Throwable thrown;

    ProgressUpcall(EngineFactory.Progress progress) {
      this.progress = progress;
    }

    MemorySegment stub(Arena arena) {
      try {
        var target =
            MethodHandles.lookup()
                .findVirtual(
                    ProgressUpcall.class,
                    "loaded",
                    MethodType.methodType(boolean.class, float.class, MemorySegment.class))
                .bindTo(this);
        return Linker.nativeLinker().upcallStub(target, B4916Structs.PROGRESS_CALLBACK, arena);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }

    // An exception that left an upcall would end the JVM.
    @SuppressWarnings("unused") // called by the library
    private boolean loaded(float fraction, MemorySegment data) {
      try {
        refused = !progress.loaded(fraction);
        return !refused;
      } catch (Throwable e) {
        thrown = e;
        return false;
      }
    }

    FinchException failure(Path file) {
      if (refused) {
        return new FinchException(
            Failure.passing(FailureCode.CANCELLED, "Loading " + file + " was stopped.", null));
      }
      String reason = thrown == null ? LlamaLibrary.takeLastError() : thrown.toString();
      Failure failure =
          Failure.permanent(
              FailureCode.LOAD_FAILED,
              "llama.cpp could not load " + file + ": " + reason + ".",
              "Fetch the file again; it may be damaged or made for a newer llama.cpp.");
      return thrown == null ? new FinchException(failure) : new FinchException(failure, thrown);
    }
  }
}
