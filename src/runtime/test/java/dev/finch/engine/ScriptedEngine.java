package dev.finch.engine;

import dev.finch.engine.grammar.Gbnf;
import dev.finch.inference.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An engine without a model: a token is a character, and every answer counts upwards from the last
 * character of its prompt. It keeps its cells like the real one and records every step.
 */
final class ScriptedEngine implements Engine {

  /** A step as it was asked for. */
  record Step(List<Integer> sequences, Map<String, Double> adapters) {}

  private final int cells;
  private final int sequences;
  private final int batchTokens;
  final List<Step> steps = Collections.synchronizedList(new ArrayList<>());
  private final Map<Integer, List<Integer>> held = new HashMap<>();
  private final List<Integer> outputs = new ArrayList<>();
  private Map<String, Double> adapters = Map.of();
  final AtomicInteger samplers = new AtomicInteger();
  volatile boolean closed;
  volatile @Nullable RuntimeException failure;

  /** Where set, every step takes a permit first. */
  volatile @Nullable Semaphore gate;

  /** Where set, every text takes a permit before it becomes tokens. */
  volatile @Nullable Semaphore textGate;

  ScriptedEngine(int cells, int sequences, int batchTokens) {
    this.cells = cells;
    this.sequences = sequences;
    this.batchTokens = batchTokens;
  }

  @Override
  public EngineFacts facts() {
    return new EngineFacts(
        new EngineFacts.Weights("qwen2", 1, "F32", 1, false, 1 << 16, true, true),
        new EngineFacts.Room(cells, cells, sequences, batchTokens, 1),
        new EngineFacts.Compute("script", "CPU", 1),
        new EngineFacts.ChatTexts(null, null, "", ""));
  }

  @Override
  public int[] tokenize(String text, boolean addSpecial, boolean parseSpecial) {
    Semaphore texts = textGate;
    if (texts != null) {
      texts.acquireUninterruptibly();
    }
    return text.chars().toArray();
  }

  @Override
  public byte[] piece(int token) {
    return String.valueOf((char) token).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] pieceWithControls(int token) {
    return piece(token);
  }

  @Override
  public boolean endsGeneration(int token) {
    return token == 'z';
  }

  @Override
  public Set<String> controlTexts() {
    return Set.of();
  }

  @Override
  public @Nullable InfillTokens infillTokens() {
    return null;
  }

  @Override
  public boolean decode(StepBatch batch) {
    Semaphore steps = gate;
    if (steps != null) {
      steps.acquireUninterruptibly();
    }
    RuntimeException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
    if (usedCells() + batch.size() > cells) {
      return false;
    }
    Set<Integer> taking = new HashSet<>();
    outputs.clear();
    for (int i = 0; i < batch.size(); i++) {
      List<Integer> tokens = held.computeIfAbsent(batch.sequence(i), _ -> new ArrayList<>());
      if (tokens.size() != batch.position(i)) {
        throw new IllegalStateException(
            "position: " + batch.position(i) + " (expected: " + tokens.size() + ")");
      }
      tokens.add(batch.token(i));
      taking.add(batch.sequence(i));
      outputs.add(batch.token(i));
    }
    this.steps.add(new Step(taking.stream().sorted().toList(), adapters));
    return true;
  }

  @Override
  public boolean decodeEmbeddings(StepBatch batch) {
    return decode(batch);
  }

  @Override
  public float[] embedding(int index) {
    return new float[] {outputs.get(index), 1};
  }

  @Override
  public float[] logits(int index) {
    float[] logits = new float[1 << 16];
    logits[outputs.get(index) + 1] = 1;
    return logits;
  }

  @Override
  public Sampler sampler(Sampling sampling, @Nullable Gbnf grammar) {
    samplers.incrementAndGet();
    return new Sampler() {
      @Override
      public int sample(int index) {
        return outputs.get(index) + 1;
      }

      @Override
      public void accept(int token) {}

      @Override
      public void close() {
        samplers.decrementAndGet();
      }
    };
  }

  @Override
  public boolean truncate(int sequence, int from) {
    List<Integer> tokens = held.getOrDefault(sequence, List.of());
    held.put(sequence, new ArrayList<>(tokens.subList(0, Math.min(from, tokens.size()))));
    return true;
  }

  @Override
  public void share(int from, int to, int tokens) {
    held.put(to, new ArrayList<>(held.getOrDefault(from, List.of()).subList(0, tokens)));
  }

  /** The tokens that a sequence holds, as text. */
  String held(int sequence) {
    StringBuilder text = new StringBuilder();
    held.getOrDefault(sequence, List.of()).forEach(token -> text.append((char) (int) token));
    return text.toString();
  }

  @Override
  public int usedCells() {
    Set<List<Integer>> prefixes = new HashSet<>();
    for (List<Integer> tokens : held.values()) {
      for (int end = 1; end <= tokens.size(); end++) {
        prefixes.add(tokens.subList(0, end));
      }
    }
    return prefixes.size();
  }

  @Override
  public void useAdapters(Map<String, Double> adapters) {
    this.adapters = adapters;
  }

  @Override
  public void save(int sequence, int[] tokens, Path file) {
    try {
      Files.writeString(file, held(sequence));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int @Nullable [] restore(int sequence, Path file) {
    try {
      int[] tokens = Files.readString(file).chars().toArray();
      held.put(sequence, new ArrayList<>(Arrays.stream(tokens).boxed().toList()));
      return tokens;
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
