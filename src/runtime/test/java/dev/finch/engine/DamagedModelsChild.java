package dev.finch.engine;

import dev.finch.gguf.GgufReader;
import dev.finch.gguf.HeaderMutator;
import dev.finch.inference.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    long first = args.length > 2 ? Long.parseLong(args[2]) : 0;
    Mutants.run(
        Path.of(args[0]),
        first,
        Integer.parseInt(args[1]),
        seed -> new HeaderMutator(seed).mutate(model, header),
        DamagedModelsChild::generate);
  }

  private static void generate(Engine engine) {
    new PromptEncoder(engine).notes();
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
