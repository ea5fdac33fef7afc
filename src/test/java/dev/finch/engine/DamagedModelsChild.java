package dev.finch.engine;

import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufReader;
import dev.finch.gguf.GgufValidator;
import dev.finch.gguf.HeaderMutator;
import dev.finch.inference.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that gives llama.cpp damaged copies of the built-in model, those that pass
 * the check in Java, and generates with what loads: {@code DIRECTORY COUNT [FIRST-SEED]}. The last
 * seed that it names is the one that ended it.
 */
final class DamagedModelsChild {

  private static final int TOKENS = 4;

  public static void main(String[] args) throws IOException {
    byte[] model = Files.readAllBytes(TinyChat.model().files().getFirst());
    int header = (int) GgufReader.read(TinyChat.model().files().getFirst()).dataOffset();
    Path file = Path.of(args[0]).resolve("mutant.gguf");
    int count = Integer.parseInt(args[1]);
    long first = args.length > 2 ? Long.parseLong(args[2]) : 0;
    int passed = 0;
    int ran = 0;
    for (long seed = first; seed < first + count; seed++) {
      Files.write(file, new HeaderMutator(seed).mutate(model, header));
      if (passes(file)) {
        System.out.println("seed " + seed);
        passed++;
        ran += runs(file) ? 1 : 0;
      }
    }
    System.out.println("passed " + passed + " ran " + ran);
  }

  private static boolean passes(Path file) {
    try {
      GgufValidator.check(List.of(file), Architectures.B4916);
      return true;
    } catch (FinchException refused) {
      return false;
    }
  }

  /** Whether it could be loaded and asked. */
  private static boolean runs(Path file) {
    EngineFactory.Plan plan =
        new EngineFactory.Plan(
            List.of(file), 64, 0, 1, 2, 64, KvType.F16, 1, DevicePreference.CPU, true, Map.of());
    try (Engine engine = TinyChat.engines().load(plan, _ -> true)) {
      new PromptEncoder(engine).warmUp();
      generate(engine);
      return true;
    } catch (FinchException refused) {
      return false;
    }
  }

  private static void generate(Engine engine) {
    Sampling sampling =
        TinyChat.settings().resolve(Sampling.builder().temperature(0.0).build(), 64);
    int[] prompt = engine.tokenize("The capital of <|im_start|> is 🐦", true, true);
    StepBatch batch = new StepBatch();
    for (int i = 0; i < prompt.length; i++) {
      batch.add(prompt[i], i, 0, i == prompt.length - 1);
    }
    int output = batch.size() - 1;
    try (Sampler sampler = engine.sampler(sampling, null)) {
      for (int i = 0; i < TOKENS && output >= 0 && engine.decode(batch); i++) {
        int token = sampler.sample(output);
        engine.piece(token);
        batch.clear();
        output = batch.add(token, prompt.length + i, 0, true);
      }
    }
  }

  private DamagedModelsChild() {}
}
