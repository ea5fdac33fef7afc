package dev.finch.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ThreadCountTest {

  @TempDir Path cache;

  @ParameterizedTest
  @CsvSource({
    // processors, the number that is fastest, the number that is chosen
    "1, 1, 1",
    "2, 2, 2",
    "2, 1, 1",
    "4, 4, 4",
    "4, 2, 2",
    "8, 6, 6",
    "16, 8, 9",
    "64, 64, 16",
  })
  void choosesTheFastestOfTheNumbersThatAreTried(int processors, int fastest, int expected) {
    assertEquals(
        expected,
        ThreadCount.fastest(processors, threads -> 1000 + 100L * Math.abs(threads - fastest)));
  }

  @Test
  void takesFewerThreadsOnlyWhereTheyAreClearlyFaster() {
    assertEquals(4, ThreadCount.fastest(4, threads -> 1000 + threads));
  }

  @Test
  void stopsWhereStillFewerCannotWin() {
    List<Integer> tried = new ArrayList<>();
    ThreadCount.fastest(
        16,
        threads -> {
          tried.add(threads);
          return 16_000 / threads;
        });
    assertEquals(List.of(16, 12), tried);
  }

  @Test
  void aDisturbanceDuringTheFirstMeasurementDecidesNothing() {
    List<Integer> tried = new ArrayList<>();
    int chosen =
        ThreadCount.fastest(
            2,
            threads -> {
              tried.add(threads);
              return tried.size() == 1 ? 90_000 : 60_000 / threads;
            });
    assertEquals(2, chosen);
    assertEquals(List.of(2, 1, 2), tried);
  }

  @Test
  void smallModelsAndSingleProcessorsAreNotMeasured() {
    assertFalse(ThreadCount.worthMeasuring(1 << 20, 8));
    assertFalse(ThreadCount.worthMeasuring(1L << 30, 1));
    assertTrue(ThreadCount.worthMeasuring(1L << 30, 2));
  }

  @Test
  void aLargerModelIsMeasuredOnceWhenItIsLoaded() {
    ModelConfig shape = new ModelConfig("qwen2", 10, 512, 2048, 8, 2, 64, 8192, 512, true);
    ModelSpec spec =
        new ModelSpec(
            new ModelReference.Random("measured", 1),
            "measured",
            new ModelSpec.Origin.Random(shape, 1),
            Optional.empty());
    EngineFactory.Plan plan =
        TinyChat.settings().plan(SyntheticModels.materialize(spec, TinyChat.CACHE), null);
    LlamaLoad factory = new LlamaLoad(cache);
    try (Engine engine = factory.load(plan, _ -> true)) {
      int threads = engine.facts().compute().threads();
      assertTrue(threads >= 1 && threads <= Runtime.getRuntime().availableProcessors());
      assertEquals(0, engine.usedCells());
    }
    assertTrue(Files.isDirectory(cache.resolve("threads")));

    List<Double> told = new ArrayList<>();
    factory.load(plan, told::add).close();
    assertEquals(1, told.stream().filter(fraction -> fraction == 1).count(), "not measured again");
  }

  @ParameterizedTest
  @CsvSource({
    // threads of 8 processors, days since they were measured, whether they are still known
    "8, 6, true",
    "8, 8, false",
    "6, 0, true",
    "6, 2, false",
  })
  void remembersAllProcessorsForAWeekAndFewerForADay(int threads, int days, boolean known)
      throws IOException {
    EngineFacts facts = new ScriptedEngine(100, 2, 64).facts();
    MeasuredThreads measured = new MeasuredThreads(cache, facts, 8);
    measured.remember(threads);

    Files.setLastModifiedTime(
        onlyFile(), FileTime.from(Instant.now().minus(days, ChronoUnit.DAYS)));

    OptionalInt expected = known ? OptionalInt.of(threads) : OptionalInt.empty();
    assertEquals(expected, new MeasuredThreads(cache, facts, 8).known());
  }

  @Test
  void remembersWhatWasMeasuredForThisModelOnThisMachine() throws IOException {
    EngineFacts facts = new ScriptedEngine(100, 2, 64).facts();
    MeasuredThreads measured = new MeasuredThreads(cache, facts, 8);
    assertEquals(OptionalInt.empty(), measured.known());

    measured.remember(6);

    assertEquals(OptionalInt.of(6), new MeasuredThreads(cache, facts, 8).known());
    assertEquals(OptionalInt.empty(), new MeasuredThreads(cache, facts, 4).known());
    Files.writeString(onlyFile(), "many");
    assertEquals(OptionalInt.empty(), measured.known());
  }

  private Path onlyFile() throws IOException {
    try (var files = Files.list(cache.resolve("threads"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all::toString);
      return all.getFirst();
    }
  }
}
