package dev.finch.engine;

import static dev.finch.engine.LlamaB4916.CONTEXT_PARAMS;
import static dev.finch.engine.LlamaB4916.set;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufValidator;
import dev.finch.inference.Sampling;
import dev.finch.platform.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** llama.cpp, called in this process through {@code java.lang.foreign}. */
final class LlamaEngine implements Engine {

  // Holes in the cache are closed when they make up this share of it.
  private static final float DEFRAGMENTATION_THRESHOLD = 0.1f;

  private static final int NO_CELLS_LEFT = 1;

  private final LlamaB4916 llama;
  private final LlamaModel model;
  private final EngineFacts facts;
  private final MemorySegment context;
  private final Arena arena = Arena.ofConfined();
  private final LlamaBatch batch;
  private final MemorySegment pieceBuffer;
  private final MemorySegment candidateArray;
  private final MemorySegment candidateBuffer;
  private Map<String, Double> adaptersInUse = Map.of();
  private boolean embedding;
  private boolean closed;

  private LlamaEngine(LlamaModel model, MemorySegment context, EngineFacts facts) {
    this.llama = model.llama();
    this.model = model;
    this.context = context;
    this.facts = facts;
    batch = new LlamaBatch(arena, facts.batchTokens());
    pieceBuffer = arena.allocate(256);
    candidateArray = arena.allocate(LlamaB4916.TOKEN_DATA_ARRAY);
    candidateBuffer = arena.allocate(LlamaB4916.TOKEN_DATA, facts.vocabularySize());
  }

  /** A factory that extracts the native library below {@code cache} when it is first used. */
  static EngineFactory factory(Path cache) {
    return (plan, progress) -> load(LlamaLibrary.open(cache), plan, progress);
  }

  private static LlamaEngine load(
      LlamaB4916 llama, EngineFactory.Plan plan, EngineFactory.Progress progress) {
    GgufModel header = GgufValidator.check(plan.files(), Architectures.B4916);
    plan.adapters().values().forEach(file -> checkAdapter(file, header.architecture()));
    LlamaModel model = LlamaModel.load(llama, plan, progress);
    try {
      int threads =
          ThreadCount.choose(
              plan.threads(), model.weightBytes(), Runtime.getRuntime().availableProcessors());
      MemorySegment context = newContext(model, plan, threads);
      return new LlamaEngine(
          model, context, model.facts(header, plan, llama.contextLength(context), threads));
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
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

  private static MemorySegment newContext(LlamaModel model, EngineFactory.Plan plan, int threads) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment params = model.llama().contextDefaultParams(scratch);
      int cells = Math.multiplyExact(model.contextLength(plan), plan.slots());
      set(CONTEXT_PARAMS, params, "n_ctx", cells);
      // One batch is one micro-batch, so that a batch is either processed whole or not at all.
      set(CONTEXT_PARAMS, params, "n_batch", plan.batchTokens());
      set(CONTEXT_PARAMS, params, "n_ubatch", plan.batchTokens());
      set(CONTEXT_PARAMS, params, "n_seq_max", plan.sequences());
      set(CONTEXT_PARAMS, params, "n_threads", threads);
      set(CONTEXT_PARAMS, params, "n_threads_batch", threads);
      set(CONTEXT_PARAMS, params, "pooling_type", LlamaB4916.POOLING_NONE);
      set(CONTEXT_PARAMS, params, "defrag_thold", DEFRAGMENTATION_THRESHOLD);
      set(CONTEXT_PARAMS, params, "type_k", LlamaB4916.ggmlType(plan.kvType()));
      set(CONTEXT_PARAMS, params, "type_v", LlamaB4916.ggmlType(plan.kvType()));
      set(CONTEXT_PARAMS, params, "flash_attn", plan.kvType() != KvType.F16);
      set(CONTEXT_PARAMS, params, "no_perf", true);
      MemorySegment context = model.llama().newContext(model.handle(), params);
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

  @Override
  public EngineFacts facts() {
    return facts;
  }

  @Override
  public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment source = scratch.allocate(bytes.length + 1L);
      MemorySegment.copy(bytes, 0, source, JAVA_BYTE, 0, bytes.length);
      int capacity = bytes.length + 8;
      MemorySegment target = scratch.allocate(JAVA_INT, capacity);
      int count =
          llama.tokenize(
              model.vocabulary(), source, bytes.length, target, capacity, addSpecial, parseSpecial);
      if (count < 0) {
        target = scratch.allocate(JAVA_INT, -count);
        count =
            llama.tokenize(
                model.vocabulary(), source, bytes.length, target, -count, addSpecial, parseSpecial);
      }
      return target.asSlice(0, count * JAVA_INT.byteSize()).toArray(JAVA_INT);
    }
  }

  @Override
  public byte[] piece(int token) {
    return piece(token, false);
  }

  @Override
  public byte[] pieceWithControls(int token) {
    return piece(token, true);
  }

  private byte[] piece(int token, boolean controls) {
    MemorySegment buffer = pieceBuffer;
    int length =
        llama.piece(model.vocabulary(), token, buffer, (int) buffer.byteSize(), 0, controls);
    if (length >= 0) {
      return buffer.asSlice(0, length).toArray(JAVA_BYTE);
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment larger = scratch.allocate(-length);
      int written = llama.piece(model.vocabulary(), token, larger, -length, 0, controls);
      return larger.asSlice(0, written).toArray(JAVA_BYTE);
    }
  }

  @Override
  public boolean endsGeneration(int token) {
    return llama.endsGeneration(model.vocabulary(), token);
  }

  @Override
  public Set<String> controlTexts() {
    Set<String> texts = new HashSet<>();
    for (int token = 0; token < facts.vocabularySize(); token++) {
      if (llama.isControl(model.vocabulary(), token)) {
        texts.add(new String(pieceWithControls(token), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  @Override
  public @Nullable InfillTokens infillTokens() {
    int prefix = llama.infillPrefix(model.vocabulary());
    int suffix = llama.infillSuffix(model.vocabulary());
    int middle = llama.infillMiddle(model.vocabulary());
    return prefix < 0 || suffix < 0 || middle < 0 ? null : new InfillTokens(prefix, suffix, middle);
  }

  @Override
  public boolean decode(StepBatch step) {
    return process(step, false);
  }

  @Override
  public boolean decodeEmbeddings(StepBatch step) {
    return process(step, true);
  }

  private boolean process(StepBatch step, boolean embeddings) {
    if (embedding != embeddings) {
      llama.setEmbeddings(context, embeddings);
      embedding = embeddings;
    }
    int result = llama.decode(context, batch.fill(step));
    if (result == 0 || result == NO_CELLS_LEFT) {
      return result == 0;
    }
    throw failed("could not decode a step (code " + result + ")");
  }

  @Override
  public float[] embedding(int index) {
    MemorySegment vector = llama.embeddings(context, index);
    if (vector.equals(MemorySegment.NULL)) {
      throw failed("gave no embedding");
    }
    int length = llama.embeddingLength(model.handle());
    return vector.reinterpret(length * JAVA_FLOAT.byteSize()).toArray(JAVA_FLOAT);
  }

  @Override
  public float[] logits(int index) {
    return logitsOf(index).toArray(JAVA_FLOAT);
  }

  MemorySegment logitsOf(int index) {
    MemorySegment logits = llama.logits(context, index);
    if (logits.equals(MemorySegment.NULL)) {
      throw failed("gave no logits");
    }
    return logits.reinterpret(facts.vocabularySize() * JAVA_FLOAT.byteSize());
  }

  @Override
  public Sampler sampler(Sampling sampling, @Nullable String grammar) {
    return new LlamaSampler(this, sampling, grammar);
  }

  @Override
  public boolean truncate(int sequence, int from) {
    if (llama.removeFromSequence(context, sequence, from, -1)) {
      return true;
    }
    llama.removeFromSequence(context, sequence, -1, -1);
    return false;
  }

  @Override
  public void share(int from, int to, int tokens) {
    llama.copySequence(context, from, to, 0, tokens);
  }

  @Override
  public int usedCells() {
    return llama.usedCells(context);
  }

  @Override
  public void useAdapters(Map<String, Double> adapters) {
    if (adapters.equals(adaptersInUse)) {
      return;
    }
    llama.clearAdapters(context);
    adapters.forEach(
        (name, scale) -> {
          if (llama.setAdapter(context, model.adapter(name), scale.floatValue()) != 0) {
            throw failed("refused the adapter " + name);
          }
        });
    adaptersInUse = new LinkedHashMap<>(adapters);
  }

  @Override
  public void save(int sequence, int[] tokens, Path file) {
    try (Arena scratch = Arena.ofConfined()) {
      long written =
          llama.saveSequence(
              context,
              scratch.allocateFrom(file.toString()),
              sequence,
              scratch.allocateFrom(JAVA_INT, tokens),
              tokens.length);
      if (written == 0) {
        throw failed("could not save a conversation to " + file);
      }
    }
  }

  @Override
  public int @Nullable [] restore(int sequence, Path file) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment tokens = scratch.allocate(JAVA_INT, facts.cells());
      MemorySegment count = scratch.allocate(JAVA_LONG);
      long read =
          llama.loadSequence(
              context,
              scratch.allocateFrom(file.toString()),
              sequence,
              tokens,
              facts.cells(),
              count);
      if (read == 0) {
        return null;
      }
      return tokens.asSlice(0, count.get(JAVA_LONG, 0) * JAVA_INT.byteSize()).toArray(JAVA_INT);
    }
  }

  /** Room for one token's candidates, shared by the samplers of this thread. */
  MemorySegment candidateBuffer() {
    return candidateBuffer;
  }

  MemorySegment candidateArray() {
    return candidateArray;
  }

  LlamaB4916 llama() {
    return llama;
  }

  MemorySegment context() {
    return context;
  }

  MemorySegment vocabulary() {
    return model.vocabulary();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    llama.freeContext(context);
    NativeCount.freed();
    model.close();
    arena.close();
    NativeMemory.giveBack();
  }

  private static FinchException failed(String what) {
    String detail = LlamaLibrary.takeLastError();
    return new FinchException(
        Failure.passing(
            FailureCode.ENGINE_FAILED,
            "llama.cpp " + what + (detail.isEmpty() ? "." : ": " + detail),
            null));
  }
}
