package dev.finch.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import dev.finch.platform.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** llama.cpp, called in this process through {@code java.lang.foreign}. */
final class LlamaEngine implements Engine {

  private static final int NO_CELLS_LEFT = 1;

  private final LlamaB4916 llama;
  private final LlamaModel model;
  private EngineFacts facts;
  private final MemorySegment context;
  private final Arena arena = Arena.ofConfined();
  private final LlamaBatch batch;
  private final MemorySegment pieceBuffer;
  private final MemorySegment candidateArray;
  private final MemorySegment candidateBuffer;
  private Map<String, Double> adaptersInUse = Map.of();
  private boolean embedding;
  private boolean closed;

  LlamaEngine(LlamaModel model, MemorySegment context, EngineFacts facts) {
    this.llama = model.llama();
    this.model = model;
    this.context = context;
    this.facts = facts;
    batch = new LlamaBatch(arena, facts.batchTokens());
    pieceBuffer = arena.allocate(256);
    candidateArray = arena.allocate(B4916Structs.TOKEN_DATA_ARRAY);
    candidateBuffer = arena.allocate(B4916Structs.TOKEN_DATA, facts.vocabularySize());
  }

  @Override
  public EngineFacts facts() {
    return facts;
  }

  /**
   * From the next step on. Prompts and single tokens take the same number: to change it from step
   * to step would end threads and start others each time.
   */
  void useThreads(int threads) {
    llama.contexts().setThreads(context, threads, threads);
    facts = facts.withThreads(threads);
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
          llama
              .vocabulary()
              .tokenize(
                  model.vocabulary(),
                  source,
                  bytes.length,
                  target,
                  capacity,
                  addSpecial,
                  parseSpecial);
      if (count < 0) {
        target = scratch.allocate(JAVA_INT, -count);
        count =
            llama
                .vocabulary()
                .tokenize(
                    model.vocabulary(),
                    source,
                    bytes.length,
                    target,
                    -count,
                    addSpecial,
                    parseSpecial);
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
        llama
            .vocabulary()
            .piece(model.vocabulary(), token, buffer, (int) buffer.byteSize(), 0, controls);
    if (length >= 0) {
      return buffer.asSlice(0, length).toArray(JAVA_BYTE);
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment larger = scratch.allocate(-length);
      int written =
          llama.vocabulary().piece(model.vocabulary(), token, larger, -length, 0, controls);
      return larger.asSlice(0, written).toArray(JAVA_BYTE);
    }
  }

  @Override
  public boolean endsGeneration(int token) {
    return llama.vocabulary().endsGeneration(model.vocabulary(), token);
  }

  @Override
  public Set<String> controlTexts() {
    Set<String> texts = new HashSet<>();
    for (int token = 0; token < facts.vocabularySize(); token++) {
      if (llama.vocabulary().isControl(model.vocabulary(), token)) {
        texts.add(new String(pieceWithControls(token), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  @Override
  public @Nullable InfillTokens infillTokens() {
    int prefix = llama.vocabulary().infillPrefix(model.vocabulary());
    int suffix = llama.vocabulary().infillSuffix(model.vocabulary());
    int middle = llama.vocabulary().infillMiddle(model.vocabulary());
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
      llama.contexts().setEmbeddings(context, embeddings);
      embedding = embeddings;
    }
    int result = llama.contexts().decode(context, batch.fill(step));
    if (result == 0 || result == NO_CELLS_LEFT) {
      return result == 0;
    }
    throw failed("could not decode a step (code " + result + ")");
  }

  @Override
  public float[] embedding(int index) {
    MemorySegment vector = llama.contexts().embeddings(context, index);
    if (vector.equals(MemorySegment.NULL)) {
      throw failed("gave no embedding");
    }
    int length = llama.models().embeddingLength(model.handle());
    return vector.reinterpret(length * JAVA_FLOAT.byteSize()).toArray(JAVA_FLOAT);
  }

  @Override
  public float[] logits(int index) {
    return logitsOf(index).toArray(JAVA_FLOAT);
  }

  MemorySegment logitsOf(int index) {
    MemorySegment logits = llama.contexts().logits(context, index);
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
    if (llama.contexts().removeFromSequence(context, sequence, from, -1)) {
      return true;
    }
    llama.contexts().removeFromSequence(context, sequence, -1, -1);
    return false;
  }

  @Override
  public void share(int from, int to, int tokens) {
    llama.contexts().copySequence(context, from, to, 0, tokens);
  }

  @Override
  public int usedCells() {
    return llama.contexts().usedCells(context);
  }

  @Override
  public void useAdapters(Map<String, Double> adapters) {
    if (adapters.equals(adaptersInUse)) {
      return;
    }
    llama.contexts().clearAdapters(context);
    adapters.forEach(
        (name, scale) -> {
          if (llama.contexts().setAdapter(context, model.adapter(name), scale.floatValue()) != 0) {
            throw failed("refused the adapter " + name);
          }
        });
    adaptersInUse = new LinkedHashMap<>(adapters);
  }

  @Override
  public void save(int sequence, int[] tokens, Path file) {
    try (Arena scratch = Arena.ofConfined()) {
      long written =
          llama
              .contexts()
              .saveSequence(
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
          llama
              .contexts()
              .loadSequence(
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
    llama.contexts().freeContext(context);
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
