package dev.finch.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.finch.engine.grammar.Gbnf;
import dev.finch.engine.grammar.Vocabulary;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Sampling;
import dev.finch.platform.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** llama.cpp, called in this process through {@code java.lang.foreign}. */
final class LlamaEngine implements Engine {

  private static final int NO_CELLS_LEFT = 1;

  /**
   * No cells in a row for this batch: what {@code llama_context::decode} of b4916 gives where
   * {@code find_slot} finds none. A failed computation gives the same, and then fails for one token
   * too.
   */
  private static final int NO_CELLS_IN_A_ROW = -3;

  private final LlamaB4916 llama;
  private final B4916Contexts contexts;
  private final LlamaVocabulary vocabulary;
  private final LlamaModel model;
  private EngineFacts facts;
  private final MemorySegment context;
  private final Arena arena = Arena.ofConfined();
  private final LlamaBatch batch;
  private final LlamaCandidates candidates;
  private Map<String, Double> adaptersInUse = Map.of();
  private final @Nullable InfillTokens infillTokens;
  private boolean embedding;
  private boolean closed;

  LlamaEngine(LlamaModel model, MemorySegment context, EngineFacts facts) {
    llama = model.llama();
    contexts = llama.contexts();
    vocabulary = model.vocabulary();
    this.model = model;
    this.context = context;
    this.facts = facts;
    infillTokens = vocabulary.infill();
    batch = new LlamaBatch(arena, facts.room().batchTokens());
    candidates = new LlamaCandidates(arena, facts.weights().vocabularySize());
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
    contexts.setThreads(context, threads, threads);
    facts = facts.withThreads(threads);
  }

  @Override
  public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
    return model.tokenizer().tokenize(text, addSpecial, parseSpecial, TokenCounter.whole());
  }

  @Override
  public int[] tokenize(
      String text, boolean addSpecial, boolean parseSpecial, TokenCounter counter) {
    return model.tokenizer().tokenize(text, addSpecial, parseSpecial, counter);
  }

  @Override
  public byte[] piece(int token) {
    return vocabulary.piece(token, false);
  }

  @Override
  public byte[] pieceWithControls(int token) {
    return vocabulary.piece(token, true);
  }

  @Override
  public boolean endsGeneration(int token) {
    return vocabulary.endsGeneration(token);
  }

  @Override
  public Set<String> controlTexts() {
    return vocabulary.controlTexts();
  }

  @Override
  public @Nullable InfillTokens infillTokens() {
    return infillTokens;
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
      contexts.setEmbeddings(context, embeddings);
      embedding = embeddings;
    }
    int result = contexts.decode(context, batch.fill(step));
    if (result == 0 || result == NO_CELLS_LEFT || result == NO_CELLS_IN_A_ROW) {
      return result == 0;
    }
    throw failed("could not decode a step (code " + result + ")");
  }

  @Override
  public float[] embedding(int index) {
    MemorySegment vector = contexts.embeddings(context, index);
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
    MemorySegment logits = contexts.logits(context, index);
    if (logits.equals(MemorySegment.NULL)) {
      throw failed("gave no logits");
    }
    return logits.reinterpret(facts.weights().vocabularySize() * JAVA_FLOAT.byteSize());
  }

  @Override
  public Sampler sampler(Sampling sampling, @Nullable Gbnf grammar) {
    return new LlamaSampler(this, sampling, grammar);
  }

  @Override
  public boolean truncate(int sequence, int from) {
    if (contexts.removeFromSequence(context, sequence, from, -1)) {
      return true;
    }
    contexts.removeFromSequence(context, sequence, -1, -1);
    return false;
  }

  @Override
  public void share(int from, int to, int tokens) {
    contexts.copySequence(context, from, to, 0, tokens);
  }

  @Override
  public int usedCells() {
    return contexts.usedCells(context);
  }

  @Override
  public void useAdapters(Map<String, Double> adapters) {
    if (adapters.equals(adaptersInUse)) {
      return;
    }
    contexts.clearAdapters(context);
    adapters.forEach(
        (name, scale) -> {
          if (contexts.setAdapter(context, model.adapter(name), scale.floatValue()) != 0) {
            throw failed("refused the adapter " + name);
          }
        });
    adaptersInUse = new LinkedHashMap<>(adapters);
  }

  @Override
  public void save(int sequence, int[] tokens, Path file) {
    try (Arena scratch = Arena.ofConfined()) {
      long written =
          contexts.saveSequence(
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
      MemorySegment tokens = scratch.allocate(JAVA_INT, facts.room().cells());
      MemorySegment count = scratch.allocate(JAVA_LONG);
      long read =
          contexts.loadSequence(
              context,
              scratch.allocateFrom(file.toString()),
              sequence,
              tokens,
              facts.room().cells(),
              count);
      if (read == 0) {
        return null;
      }
      return tokens.asSlice(0, count.get(JAVA_LONG, 0) * JAVA_INT.byteSize()).toArray(JAVA_INT);
    }
  }

  /** The texts of all tokens, as a grammar reads them. */
  Vocabulary texts() {
    return model.tokenizer().texts();
  }

  @Override
  public void prepareGrammars() {
    model.tokenizer().texts();
  }

  LlamaCandidates candidates() {
    return candidates;
  }

  LlamaB4916 llama() {
    return llama;
  }

  MemorySegment context() {
    return context;
  }

  LlamaVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    model.tokenizer().close();
    contexts.freeContext(context);
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
