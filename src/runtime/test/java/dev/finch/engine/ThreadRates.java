package dev.finch.engine;

import java.util.Map;
import java.util.TreeMap;

/** The number of threads that loading chooses by measurement, against all others. */
final class ThreadRates implements Bench.Part {

  @Override
  public void run(Bench bench) throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    Map<Integer, Bench.Cost> costs = new TreeMap<>();
    for (int round = 0; round < bench.rounds(); round++) {
      for (int threads = 1; threads <= processors + 1; threads++) {
        costs.merge(threads, cost(bench, threads), Bench.Cost::best);
      }
    }
    costs.forEach(
        (threads, cost) -> Bench.print("  %d threads: %5.1f tokens/s", threads, 1 / cost.wall()));
    bench.withEngine(bench.settings(1, 512, 0), engine -> chosen(engine, processors));
  }

  /** What loading measures, once more. */
  private static int chosen(Engine engine, int processors) {
    Bench.print("  chosen when it was loaded: %d", engine.facts().compute().threads());
    Calibration calibration =
        new Calibration(engine, ((LlamaEngine) engine)::useThreads, _ -> true);
    long begun = System.nanoTime();
    int chosen =
        ThreadCount.fastest(
            processors,
            threads -> {
              long nanos = calibration.applyAsLong(threads);
              Bench.print("    a step with %d: %.1f ms", threads, nanos / 1e6);
              return nanos;
            });
    Bench.print("  chosen now: %d, in %.2f s", chosen, (System.nanoTime() - begun) / 1e9);
    return chosen;
  }

  private static Bench.Cost cost(Bench bench, int threads) throws Exception {
    return bench.withEngine(
        bench.settings(1, 512, threads),
        engine -> {
          StepRates.decode(engine, 1, 2);
          return Bench.measure(() -> StepRates.decode(engine, 1, bench.tokens()));
        });
  }
}
