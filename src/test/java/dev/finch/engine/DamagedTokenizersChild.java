package dev.finch.engine;

import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufValidator;
import dev.finch.gguf.TokenizerMutator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process of its own that gives llama.cpp damaged tokenizers, those that pass the check in Java,
 * and turns texts into tokens and back with what loads: {@code DIRECTORY COUNT FIRST-SEED}. The
 * last seed that it names is the one that ended it.
 */
final class DamagedTokenizersChild {

  private static final List<String> TEXTS =
      List.of(
          "",
          "The capital of <|im_start|> is 🐦, isn't it?\n\n  12345",
          "</s><s><unk><mask> \u0000\u0001\ud800 \u2581 Ġ",
          "a".repeat(3_000),
          "漢字".repeat(800),
          " ".repeat(3_000) + "x");

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]).resolve("mutant.gguf");
    long first = Long.parseLong(args[2]);
    int passed = 0;
    int ran = 0;
    for (long seed = first; seed < first + Integer.parseInt(args[1]); seed++) {
      Files.write(file, TokenizerMutator.mutate(seed));
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
      int size = engine.facts().weights().vocabularySize();
      engine.controlTexts();
      for (int token = 0; token < size; token++) {
        engine.piece(token);
        engine.pieceWithControls(token);
        engine.endsGeneration(token);
      }
      StepBatch batch = new StepBatch();
      for (String text : TEXTS) {
        for (int way = 0; way < 4; way++) {
          for (int token : engine.tokenize(text, way % 2 == 0, way > 1)) {
            if (token < 0 || token >= size) {
              throw new AssertionError("token " + token + " of " + size);
            }
            if (batch.size() < 60) {
              batch.add(token, batch.size(), 0, true);
            }
          }
        }
      }
      return batch.size() == 0 || engine.decode(batch);
    } catch (FinchException refused) {
      return false;
    }
  }

  private DamagedTokenizersChild() {}
}
