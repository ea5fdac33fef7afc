package dev.finch.engine;

import dev.finch.failure.FinchException;
import dev.finch.gguf.Architectures;
import dev.finch.gguf.GgufValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Damaged model files, one for each seed: those that pass the check in Java are given to llama.cpp,
 * and what loads is used. The last seed that is named is the one that ended the process.
 */
final class Mutants {

  private Mutants() {}

  /**
   * Makes them, one after the other, and says how many passed and how many could be used.
   *
   * @param directory for the file
   * @param use what is done with what loads
   */
  static void run(
      Path directory, long first, int count, LongFunction<byte[]> mutant, Consumer<Engine> use)
      throws IOException {
    Path file = directory.resolve("mutant.gguf");
    int passed = 0;
    int ran = 0;
    for (long seed = first; seed < first + count; seed++) {
      Files.write(file, mutant.apply(seed));
      if (passes(file)) {
        System.out.println("seed " + seed);
        passed++;
        ran += runs(file, use) ? 1 : 0;
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

  /** Whether it could be loaded and used. */
  private static boolean runs(Path file, Consumer<Engine> use) {
    EngineFactory.Plan plan =
        new EngineFactory.Plan(
            List.of(file), 64, 0, 1, 2, 64, KvType.F16, 1, DevicePreference.CPU, true, Map.of());
    try (Engine engine = TinyChat.engines().load(plan, _ -> true)) {
      use.accept(engine);
      return true;
    } catch (FinchException refused) {
      return false;
    }
  }
}
