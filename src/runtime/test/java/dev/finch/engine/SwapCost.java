package dev.finch.engine;

import dev.finch.engine.TimedSteps.Step;
import dev.finch.provider.Inference;
import java.util.ArrayList;
import java.util.List;

/**
 * What loading another model of the same size costs the one that is decoding: tokens a second and
 * the longest gap between two tokens before, during and after.
 */
final class SwapCost implements Bench.Part {

  private static final int SWAPS = 5;
  private static final int TOKENS_BETWEEN = 50;

  private record Span(long from, long to) {}

  @Override
  public void run(Bench bench) {
    TimedSteps steps = new TimedSteps();
    List<Span> alone = new ArrayList<>();
    List<Span> beside = new ArrayList<>();
    try (var loaded = bench.kit().load(bench.model(), bench.settings(1, 2048), steps)) {
      loaded.ask(Bench.request("warm up", 2));
      var answered = Bench.request(Bench.prompt(0), 2000);
      loaded.send(answered, Integer.MAX_VALUE);
      steps.awaitMore(5);
      for (int i = 0; i < SWAPS; i++) {
        alone.add(span(() -> steps.awaitMore(TOKENS_BETWEEN)));
        List<LoaderKit.Loaded> other = new ArrayList<>();
        beside.add(span(() -> other.add(bench.kit().load(bench.model(), bench.settings(1, 512)))));
        other.getFirst().close();
      }
      alone.add(span(() -> steps.awaitMore(TOKENS_BETWEEN)));
      loaded.ready.inference().tell(new Inference.Cancel(answered.id()));
    }
    report("before the first load", alone.subList(0, 1), steps);
    report("while a model is loaded", beside, steps);
    report("after a load", alone.subList(1, alone.size()), steps);
  }

  private static Span span(Runnable work) {
    long from = System.nanoTime();
    work.run();
    return new Span(from, System.nanoTime());
  }

  private static void report(String when, List<Span> spans, TimedSteps steps) {
    double seconds = 0;
    long tokens = 0;
    double longest = 0;
    long before = 0;
    for (Span span : spans) {
      seconds += (span.to() - span.from()) / 1e9;
      for (Step step : steps.all()) {
        if (step.ended() > span.from() && step.ended() <= span.to()) {
          tokens++;
          longest = Math.max(longest, (step.ended() - before) / 1e6);
        }
        before = step.ended();
      }
    }
    Bench.print(
        "  %-23s: %5.1f tokens/s, longest gap %4.0f ms (%d tokens in %.2f s, %d times)",
        when, tokens / seconds, longest, tokens, seconds, spans.size());
  }
}
