package dev.finch.engine;

import dev.finch.engine.TimedSteps.Step;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;

/** How long a cancellation takes, in the middle of a prompt and of an answer, against a step. */
final class CancelLatency implements Bench.Part {

  private static final int TRIALS = 10;
  private static final int PROMPT_TOKENS = 1500;
  private static final int STEPS_BEFORE = 5;

  @Override
  public void run(Bench bench) {
    TimedSteps steps = new TimedSteps();
    try (var loaded = bench.kit().load(bench.model(), bench.settings(1, 2048), steps)) {
      loaded.ask(Bench.request("warm up", 2));
      awaitBusy(loaded, 1);
      awaitBusy(loaded, 0);
      double[] prompts = new double[TRIALS];
      double[] answers = new double[TRIALS];
      int mark = steps.all().size();
      for (int i = 0; i < TRIALS; i++) {
        String prompt = Bench.longPrompt(loaded, i, PROMPT_TOKENS);
        prompts[i] = cancelled(loaded, steps, Bench.request(prompt, 4), (double) i / TRIALS);
      }
      report("a prompt", prompts, steps.all().subList(mark, steps.all().size()));
      mark = steps.all().size();
      for (int i = 0; i < TRIALS; i++) {
        GenerateRequest request = Bench.request(Bench.prompt(i), 200);
        answers[i] = cancelled(loaded, steps, request, (double) i / TRIALS);
      }
      report("an answer", answers, steps.all().subList(mark, steps.all().size()));
    }
  }

  /**
   * Milliseconds from the cancellation until the Loader has nothing to do.
   *
   * @param into how far into a step it comes, in steps
   */
  private static double cancelled(
      LoaderKit.Loaded loaded, TimedSteps steps, GenerateRequest request, double into) {
    loaded.send(request, Integer.MAX_VALUE);
    awaitBusy(loaded, 1);
    steps.awaitMore(STEPS_BEFORE);
    LockSupport.parkNanos((long) (into * steps.all().getLast().millis() * 1e6));
    long begun = System.nanoTime();
    loaded.ready.inference().tell(new Inference.Cancel(request.id()));
    awaitBusy(loaded, 0);
    return (System.nanoTime() - begun) / 1e6;
  }

  private static void awaitBusy(LoaderKit.Loaded loaded, int busy) {
    loaded.events.fishForMessage(
        LoaderKit.PATIENCE,
        event ->
            event instanceof Loader.CapacityChanged changed && changed.busy() == busy
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private static void report(String where, double[] millis, List<Step> steps) {
    double[] lengths = steps.stream().mapToDouble(Step::millis).toArray();
    Bench.print(
        "  in the middle of %s: cancelled after %.0f ms (median), %.0f ms (longest of %d);"
            + " a step took %.0f ms (median), %.0f ms (longest of %d)",
        where,
        Bench.median(millis),
        Arrays.stream(millis).max().orElseThrow(),
        millis.length,
        Bench.median(lengths),
        Arrays.stream(lengths).max().orElseThrow(),
        lengths.length);
  }
}
