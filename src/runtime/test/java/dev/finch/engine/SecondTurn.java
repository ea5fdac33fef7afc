package dev.finch.engine;

import dev.finch.inference.Answer;

/** The first token of a long conversation's first turn, and of its second. */
record SecondTurn(int promptTokens) implements Bench.Part {

  @Override
  public void run(Bench bench) {
    try (var loaded = bench.kit().load(bench.model(), bench.settings(1, promptTokens + 512))) {
      String first = Bench.longPrompt(loaded, 1, promptTokens);
      Answer cold = loaded.ask(Bench.request(first, 4));
      Answer warm = loaded.ask(Bench.request(first + " and then?", 4));
      report("first", cold);
      report("second", warm);
      Bench.print(
          "  %.0f times sooner",
          (double) cold.timings().firstToken().toNanos() / warm.timings().firstToken().toNanos());
    }
  }

  private static void report(String turn, Answer answer) {
    Bench.print(
        "  %-6s turn: %d tokens, %d cached, first token after %.3f s (%.1f prompt tokens/s)",
        turn,
        answer.usage().promptTokens(),
        answer.usage().cachedTokens(),
        answer.timings().firstToken().toNanos() / 1e9,
        answer.timings().promptPerSecond().orElse(0));
  }
}
