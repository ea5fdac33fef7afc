package dev.finch.engine;

import dev.finch.model.LocalModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures the engine room; run it with {@code bench/engine}. */
final class EngineBench {

  private EngineBench() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].replaceFirst("^--", ""), arguments[i + 1]);
    }
    Map<String, Bench.Part> parts = parts(options);
    String all = String.join(",", parts.keySet());
    LoaderKit kit = new LoaderKit();
    try {
      Bench bench = bench(options, kit);
      for (String name : options.getOrDefault("parts", all).split(",")) {
        Bench.Part part =
            Objects.requireNonNull(parts.get(name), () -> name + " is none of " + all);
        Bench.print("== %s, %s", name, bench.model().spec().name());
        part.run(bench);
      }
    } finally {
      kit.close();
    }
  }

  private static Bench bench(Map<String, String> options, LoaderKit kit) {
    return new Bench(
        model(options.getOrDefault("model", "qwen2.5-0.5b")),
        Integer.parseInt(options.getOrDefault("threads", "0")),
        Integer.parseInt(options.getOrDefault("tokens", "32")),
        Integer.parseInt(options.getOrDefault("rounds", "3")),
        kit);
  }

  private static LocalModel model(String name) {
    return name.endsWith(".gguf") ? Bench.file(Path.of(name)) : Bench.random(name);
  }

  /** Everything that can be measured, in this order. */
  private static Map<String, Bench.Part> parts(Map<String, String> options) {
    Map<String, Bench.Part> parts = new LinkedHashMap<>();
    parts.put("load", new LoadCost());
    parts.put("rates", new StepRates(widths(options.getOrDefault("widths", "1,2,4,8"))));
    parts.put("threads", new ThreadRates());
    parts.put("pieces", new PromptPieces());
    parts.put("swap", new SwapCost());
    parts.put("turn", new SecondTurn(Integer.parseInt(options.getOrDefault("turn", "4000"))));
    parts.put("cancel", new CancelLatency());
    if (options.containsKey("llama-bench")) {
      parts.put("llama-bench", new LlamaBenchTool(Path.of(options.get("llama-bench"))));
    }
    if (options.containsKey("llama-server")) {
      parts.put("llama-server", new LlamaServerTool(Path.of(options.get("llama-server"))));
    }
    return parts;
  }

  private static List<Integer> widths(String list) {
    return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
  }
}
