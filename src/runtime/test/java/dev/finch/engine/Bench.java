package dev.finch.engine;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import dev.finch.inference.Answer;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Sampling;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the measurements of the engine room share: the model, and how it is loaded and asked.
 *
 * @param model what is measured
 * @param threads of one step; 0 measures which number is fastest
 * @param tokens of an answer
 * @param rounds how often each way is measured; the best counts
 * @param kit an actor system for Loaders
 */
record Bench(LocalModel model, int threads, int tokens, int rounds, LoaderKit kit) {

  // Random models end their turn now and then, which would cut a measurement short.
  private static final Map<Integer, Double> NO_END = Map.of(1017, -1000.0, 1019, -1000.0);

  /** What a measurement took, in seconds by the clock and of processor time, each per token. */
  record Cost(double wall, double cpu) {
    Cost best(Cost other) {
      return new Cost(Math.min(wall, other.wall), Math.min(cpu, other.cpu));
    }
  }

  /** Something to measure; gives the number of tokens generated. */
  interface Work {
    long run() throws Exception;
  }

  /** One kind of measurement. */
  interface Part {
    void run(Bench bench) throws Exception;
  }

  EngineSettings settings(int slots, int contextLength) {
    return settings(slots, contextLength, threads);
  }

  EngineSettings settings(int slots, int contextLength, int threads) {
    return TinyChat.settings(
        "threads = " + threads,
        "slots = " + slots,
        "context-length = " + contextLength,
        "retained-conversations = 1");
  }

  /** A prompt of few tokens that shares its beginning with no other number's. */
  static String prompt(int number) {
    return (char) ('A' + number % 26) + " bird " + number + " is";
  }

  /** A prompt of about that many tokens that shares its beginning with no other number's. */
  static String longPrompt(LoaderKit.Loaded loaded, int number, int promptTokens) {
    long tokens = loaded.tokens(request("word ".repeat(100), 1));
    return prompt(number) + " " + "word ".repeat((int) (promptTokens * 100L / tokens));
  }

  static GenerateRequest request(String prompt, int tokens) {
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw(prompt, null))
        .conversationId("bench")
        .sampling(Sampling.builder().temperature(0.0).logitBias(NO_END).maxTokens(tokens).build())
        .build();
  }

  /** Answers of that many sequences at once through the Loader. */
  static long answers(LoaderKit.Loaded loaded, int width, int tokens) {
    var readers =
        IntStream.range(0, width)
            .mapToObj(s -> loaded.send(request(prompt(s), tokens), Integer.MAX_VALUE))
            .toList();
    return readers.stream()
        .map(LoaderKit::answer)
        .mapToLong((Answer answer) -> answer.usage().completionTokens())
        .sum();
  }

  /** Runs work with an engine of its own on a thread of its own, which then ends. */
  <T> T withEngine(EngineSettings settings, EngineWork<T> work) throws Exception {
    // OpenMP keeps a pool for every thread that has used it.
    try (var executor = Executors.newSingleThreadExecutor()) {
      Callable<T> task =
          () -> {
            try (Engine engine = TinyChat.engines().load(settings.plan(model, null), _ -> true)) {
              return work.run(engine);
            }
          };
      return executor.submit(task).get();
    }
  }

  /** What is done with an engine. */
  interface EngineWork<T> {
    T run(Engine engine) throws Exception;
  }

  static Cost measure(Work work) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    long tokens = work.run();
    return new Cost(
        (System.nanoTime() - wall) / 1e9 / tokens,
        (system.getProcessCpuTime() - cpu) / 1e9 / tokens);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** A model with random weights in the shape of that one, Q8_0. */
  static LocalModel random(String name) {
    ModelConfig shape =
        switch (name) {
          case "qwen2.5-0.5b" ->
              new ModelConfig("qwen2", 24, 896, 4864, 14, 2, 64, 151_936, 32_768, true);
          case "qwen2.5-3b" ->
              new ModelConfig("qwen2", 36, 2048, 11_008, 16, 2, 128, 151_936, 32_768, true);
          default -> throw new IllegalArgumentException("shape: " + name);
        };
    return SyntheticModels.materialize(
        new ModelSpec(
            new ModelReference.Random(name, 1),
            "random:" + name + " Q8_0",
            new ModelSpec.Origin.Random(shape, 1),
            Optional.empty()),
        TinyChat.CACHE);
  }

  static LocalModel file(Path path) {
    ModelSpec spec =
        new ModelSpec(
            new ModelReference.LocalFile(path),
            requireNonNull(path.getFileName()).toString(),
            new ModelSpec.Origin.LocalFile(path),
            Optional.empty());
    return new LocalModel(spec, List.of(path), null);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  static void print(String format, @Nullable Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
