package dev.finch.engine;

import java.util.List;

/** How fast a long prompt is processed in pieces of so many tokens. */
final class PromptPieces implements Bench.Part {

  private static final List<Integer> LENGTHS = List.of(512, 128, 48, 16);
  private static final int PROMPT_TOKENS = 2048;

  @Override
  public void run(Bench bench) throws Exception {
    bench.withEngine(
        bench.settings(1, PROMPT_TOKENS + 512),
        engine -> {
          process(engine, 128, 16);
          for (int length : LENGTHS) {
            double[] seconds = process(engine, PROMPT_TOKENS, length);
            Bench.print(
                "  %d tokens in pieces of %3d: %5.1f tokens/s, %.0f ms for the last piece",
                PROMPT_TOKENS, length, PROMPT_TOKENS / seconds[0], seconds[1] * 1000);
          }
          return LENGTHS;
        });
  }

  /** Seconds for all and for the last piece. */
  private static double[] process(Engine engine, int tokens, int length) {
    StepBatch batch = new StepBatch();
    long begun = System.nanoTime();
    long lastBegun = begun;
    for (int from = 0; from < tokens; from += length) {
      batch.clear();
      for (int i = from; i < Math.min(from + length, tokens); i++) {
        batch.add(100 + i % 800, i, 0, i == tokens - 1);
      }
      lastBegun = System.nanoTime();
      engine.decode(batch);
    }
    long ended = System.nanoTime();
    engine.truncate(0, 0);
    return new double[] {(ended - begun) / 1e9, (ended - lastBegun) / 1e9};
  }
}
