package dev.finch.engine;

import dev.finch.gguf.GgufModel;
import dev.finch.gguf.GgufReader;
import dev.finch.selection.MemoryEstimate;
import dev.finch.selection.MemoryUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that loads a model, fills its context and tells by how much its memory grew,
 * beside what was estimated: {@code MODEL CACHE CONTEXT KVTYPE}.
 */
final class MemoryChild {

  private static final int BATCH = 512;

  public static void main(String[] args) throws IOException {
    Path model = Path.of(args[0]);
    int context = Integer.parseInt(args[2]);
    KvType kvType = KvType.valueOf(args[3]);
    EngineFactory factory = new LlamaLoad(Path.of(args[1]));
    // What the library and the JVM take at their first load is no part of what a model takes.
    try (Engine warm = factory.load(plan(model, 64, kvType), _ -> true)) {
      fill(warm, 64);
    }
    long before = ResidentMemory.bytes();
    try (Engine engine = factory.load(plan(model, context, kvType), _ -> true)) {
      long loaded = ResidentMemory.bytes();
      fill(engine, context);
      long growth = ResidentMemory.bytes() - before;
      boolean quantized = kvType != KvType.F16;
      GgufModel header = new GgufModel(List.of(GgufReader.read(model)));
      MemoryEstimate estimate =
          MemoryEstimate.of(
              header.config(),
              header.weightBytes(),
              new MemoryUse(context, 1, BATCH, quantized, quantized));
      System.out.println("loaded " + (loaded - before));
      System.out.println("growth " + growth);
      System.out.println("estimate " + estimate.total() + " " + estimate);
    }
  }

  private static EngineFactory.Plan plan(Path model, int context, KvType kvType) {
    return new EngineFactory.Plan(
        List.of(model), context, 0, 1, 1, BATCH, kvType, 1, DevicePreference.CPU, true, Map.of());
  }

  /** Numbers that look random keep the model's tokens apart; what they say is of no matter. */
  private static void fill(Engine engine, int context) {
    StepBatch batch = new StepBatch();
    for (int position = 0; position < context; position++) {
      boolean last = position == context - 1;
      batch.add(position * 7919 % engine.facts().weights().vocabularySize(), position, 0, last);
      if (batch.size() == BATCH || last) {
        engine.decode(batch);
        batch.clear();
      }
    }
    engine.logits((context - 1) % BATCH);
  }

  private MemoryChild() {}
}
