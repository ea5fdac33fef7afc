package dev.finch.engine;

import static java.util.Objects.requireNonNull;

import com.sun.management.OperatingSystemMXBean;
import dev.finch.inference.Answer;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference;
import dev.finch.inference.Prompt;
import dev.finch.inference.Sampling;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelConfig;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.jspecify.annotations.Nullable;

/** Measures the engine room; run it with {@code bench/engine}. */
final class EngineBench {

  private static final int PROMPT_TOKENS = 8;
  private static final int[] WIDTHS = {1, 2, 4, 8};

  /** What a measurement took, in seconds by the clock and of processor time, each per token. */
  private record Cost(double wall, double cpu) {}

  private interface Work {
    /** Gives the number of tokens generated. */
    long run() throws Exception;
  }

  private final LocalModel model;
  private final int threads;
  private final int tokens;
  private final int rounds;
  private final int turn;

  private EngineBench(Map<String, String> options) {
    String file = options.get("model");
    model = file == null ? random() : file(Path.of(file));
    threads = Integer.parseInt(options.getOrDefault("threads", "0"));
    tokens = Integer.parseInt(options.getOrDefault("tokens", "32"));
    rounds = Integer.parseInt(options.getOrDefault("rounds", "3"));
    turn = Integer.parseInt(options.getOrDefault("turn", "1000"));
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    EngineBench bench = new EngineBench(options);
    LoaderKit kit = new LoaderKit();
    try {
      bench.run(kit);
    } finally {
      kit.close();
    }
  }

  private void run(LoaderKit kit) throws Exception {
    load(kit);
    binding();
    for (int width : rounds == 0 ? new int[0] : WIDTHS) {
      List<Cost> bare = new ArrayList<>();
      List<Cost> loader = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        bare.add(bare(width));
        loader.add(loader(kit, width));
      }
      report(width, "bare loop", bare);
      report(width, "Loader", loader);
      print(
          "  %d sequences: Loader at %.3f of the bare loop by processor time, %.3f by the clock%n",
          width, best(bare).cpu() / best(loader).cpu(), best(bare).wall() / best(loader).wall());
    }
    if (rounds > 0) {
      swap(kit);
    }
    secondTurn(kit);
  }

  private void load(LoaderKit kit) throws Exception {
    for (int i = 0; i < 2; i++) {
      long before = ResidentMemory.bytes();
      LoaderKit.Loaded[] loaded = new LoaderKit.Loaded[1];
      Cost cost =
          measure(
              () -> {
                loaded[0] = kit.load(model, settings(1, 2048));
                return 1;
              });
      print(
          "load: %.2f s by the clock, %.2f s of processor time, resident memory +%d MiB%n",
          cost.wall(), cost.cpu(), (ResidentMemory.bytes() - before) >> 20);
      loaded[0].ask(request("warm up", 2));
      Answer answer = loaded[0].ask(request(prompt(0), tokens));
      print(
          "%s, %d threads, %d tokens: first token after %.3f s, %.1f tokens/s%n",
          model.spec().name(),
          loaded[0].ready.info().threads(),
          tokens,
          answer.timings().firstToken().toNanos() / 1e9,
          answer.timings().completionPerSecond());
      loaded[0].close();
    }
  }

  private void binding() throws Exception {
    // Its loader deletes files from the temporary directory.
    Path temporary = Files.createTempDirectory("binding");
    String said =
        new ChildJvm("-Djava.io.tmpdir=" + temporary)
            .run(JavaApiBench.class, model.files().getFirst(), Math.max(1, threads), tokens);
    said.lines().filter(line -> line.startsWith("binding")).forEach(line -> print("%s%n", line));
  }

  /** What loading another model costs the one that is decoding. */
  private void swap(LoaderKit kit) throws Exception {
    try (var loaded = kit.load(model, settings(1, 512))) {
      loaded.ask(request("warm up", 2));
      Cost alone = measure(() -> loaded.ask(request(prompt(0), tokens)).usage().completionTokens());
      TestProbe<Inference.Reply> reader =
          loaded.send(request(prompt(1), 2 * tokens), Integer.MAX_VALUE);
      long loads = 0;
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < alone.wall() * tokens * 1e9) {
        kit.load(model, settings(1, 512)).close();
        loads++;
      }
      double beside = LoaderKit.answer(reader).timings().completionPerSecond();
      print(
          "swap: %.1f tokens/s alone, %.1f while %d models are loaded and freed beside it%n",
          1 / alone.wall(), beside, loads);
    }
  }

  /** Prompts and answers of {@code width} sequences, straight on the engine, on a new thread. */
  private Cost bare(int width) throws Exception {
    // A thread of its own, which ends: OpenMP keeps a pool for every thread that has used it.
    try (var executor = Executors.newSingleThreadExecutor()) {
      Callable<Cost> work =
          () -> {
            EngineFactory.Plan plan = settings(width, 512).plan(model, null);
            try (Engine engine = TinyChat.engines().load(plan, _ -> true)) {
              decode(engine, 1, 2);
              return measure(() -> decode(engine, width, tokens));
            }
          };
      return executor.submit(work).get();
    }
  }

  private static long decode(Engine engine, int width, int tokens) {
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

  /** The same through the actor, as anybody asks it. */
  private Cost loader(LoaderKit kit, int width) throws Exception {
    try (var loaded = kit.load(model, settings(width, 512))) {
      loaded.ask(request("warm up", 2));
      return measure(
          () -> {
            List<TestProbe<Inference.Reply>> readers = new ArrayList<>();
            for (int s = 0; s < width; s++) {
              readers.add(loaded.send(request(prompt(s), tokens), Integer.MAX_VALUE));
            }
            long generated = 0;
            for (TestProbe<Inference.Reply> reader : readers) {
              generated += LoaderKit.answer(reader).usage().completionTokens();
            }
            return generated;
          });
    }
  }

  private void secondTurn(LoaderKit kit) throws Exception {
    try (var loaded = kit.load(model, settings(1, turn + 256))) {
      String history = "word ".repeat(turn);
      String first = history.substring(0, Math.min(history.length(), turn * 4));
      Answer cold = loaded.ask(request(first, 4));
      Answer warm = loaded.ask(request(first + cold.text() + " and then?", 4));
      print(
          "conversation: first turn of %d tokens, first token after %.3f s (%.1f tokens/s)%n",
          cold.usage().promptTokens(),
          cold.timings().firstToken().toNanos() / 1e9,
          cold.timings().promptPerSecond());
      print(
          "conversation: second turn of %d tokens, %d cached, first token after %.3f s, %.0f x%n",
          warm.usage().promptTokens(),
          warm.usage().cachedTokens(),
          warm.timings().firstToken().toNanos() / 1e9,
          (double) cold.timings().firstToken().toNanos() / warm.timings().firstToken().toNanos());
    }
  }

  private EngineSettings settings(int slots, int contextLength) {
    return TinyChat.settings(
        "threads = " + threads,
        "slots = " + slots,
        "context-length = " + contextLength,
        "retained-conversations = 1");
  }

  private static String prompt(int sequence) {
    return (char) ('A' + sequence) + " bird is";
  }

  private static GenerateRequest request(String prompt, int tokens) {
    return GenerateRequest.builder()
        .prompt(new Prompt.Raw(prompt, null))
        .conversationId("bench")
        .sampling(Sampling.builder().temperature(0.0).maxTokens(tokens).build())
        .build();
  }

  private static void report(int width, String what, List<Cost> costs) {
    Cost best = best(costs);
    print(
        "  %d sequences, %-9s: %6.1f ms of processor time per token, %6.1f tokens/s by the clock%n",
        width, what, best.cpu() * 1000, 1 / best.wall());
  }

  private static Cost best(List<Cost> costs) {
    return new Cost(
        costs.stream().mapToDouble(Cost::wall).min().orElseThrow(),
        costs.stream().mapToDouble(Cost::cpu).min().orElseThrow());
  }

  private static Cost measure(Work work) throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    long tokens = work.run();
    return new Cost(
        (System.nanoTime() - wall) / 1e9 / tokens,
        (system.getProcessCpuTime() - cpu) / 1e9 / tokens);
  }

  private static LocalModel random() {
    ModelConfig shape = new ModelConfig("qwen2", 24, 896, 4864, 14, 2, 64, 151_936, 32_768, true);
    return SyntheticModels.materialize(
        new ModelSpec(
            new ModelReference.Random("qwen2.5-0.5b", 1),
            "random:qwen2.5-0.5b Q8_0",
            new ModelSpec.Origin.Random(shape, 1),
            null),
        TinyChat.CACHE);
  }

  private static LocalModel file(Path path) {
    ModelSpec spec =
        new ModelSpec(
            new ModelReference.LocalFile(path),
            requireNonNull(path.getFileName()).toString(),
            new ModelSpec.Origin.LocalFile(path),
            null);
    return new LocalModel(spec, List.of(path), null);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void print(String format, @Nullable Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
