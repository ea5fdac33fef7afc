package dev.finch.engine;

import dev.finch.inference.Sampling;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers of so many sequences at once, through the Loader and through a bare loop over the engine,
 * in turns.
 */
record StepRates(List<Integer> widths) implements Bench.Part {

  private static final int PROMPT_TOKENS = 8;

  @Override
  public void run(Bench bench) throws Exception {
    for (int width : widths) {
      Bench.Cost bare = new Bench.Cost(Double.MAX_VALUE, Double.MAX_VALUE);
      Bench.Cost loader = bare;
      for (int round = 0; round < bench.rounds(); round++) {
        bare = bare.best(bare(bench, width));
        loader = loader.best(loader(bench, width));
      }
      report(width, "bare loop", bare);
      report(width, "Loader", loader);
      Bench.print(
          "  %d sequences: Loader at %.3f of the bare loop by processor time, %.3f by the clock",
          width, bare.cpu() / loader.cpu(), bare.wall() / loader.wall());
    }
  }

  private static void report(int width, String what, Bench.Cost best) {
    Bench.print(
        "  %d sequences, %-9s: %6.1f ms of processor time per token, %6.1f tokens/s by the clock",
        width, what, best.cpu() * 1000, 1 / best.wall());
  }

  private static Bench.Cost loader(Bench bench, int width) throws Exception {
    try (var loaded = bench.kit().load(bench.model(), bench.settings(width, 512))) {
      loaded.ask(Bench.request("warm up", 2));
      return Bench.measure(() -> Bench.answers(loaded, width, bench.tokens()));
    }
  }

  private static Bench.Cost bare(Bench bench, int width) throws Exception {
    return bench.withEngine(
        bench.settings(width, 512),
        engine -> {
          decode(engine, 1, 2);
          return Bench.measure(() -> decode(engine, width, bench.tokens()));
        });
  }

  /** Prompts and greedy answers of that many sequences; gives the number of tokens generated. */
  static long decode(Engine engine, int width, int tokens) {
    Sampling greedy = TinyChat.settings().resolve(Sampling.builder().temperature(0.0).build(), 512);
    List<Sampler> samplers = new ArrayList<>();
    StepBatch batch = new StepBatch();
    int[] output = new int[width];
    for (int s = 0; s < width; s++) {
      samplers.add(engine.sampler(greedy, null));
      for (int i = 0; i < PROMPT_TOKENS; i++) {
        output[s] = batch.add(100 + i, i, s, i == PROMPT_TOKENS - 1);
      }
    }
    requireDecoded(engine.decode(batch));
    for (int t = 0; t < tokens; t++) {
      batch.clear();
      for (int s = 0; s < width; s++) {
        int next = samplers.get(s).sample(output[s]);
        output[s] = batch.add(next, PROMPT_TOKENS + t, s, true);
      }
      // The last token of an answer is sampled and not decoded.
      if (t < tokens - 1) {
        requireDecoded(engine.decode(batch));
      }
    }
    samplers.forEach(Sampler::close);
    for (int s = 0; s < width; s++) {
      engine.truncate(s, 0);
    }
    return (long) width * tokens;
  }

  private static void requireDecoded(boolean decoded) {
    if (!decoded) {
      throw new IllegalStateException("no room in the cache");
    }
  }
}
