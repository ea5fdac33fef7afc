package dev.finch.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Loads models. The thread that loads one owns it. */
public interface EngineFactory {

  /**
   * llama.cpp in this process.
   *
   * @param cache Finch's cache directory, below which the native library is extracted
   */
  static EngineFactory llama(Path cache) {
    return new LlamaLoad(cache);
  }

  /**
   * Opens llama.cpp on a thread of its own, ahead of the first model that needs it. What goes wrong
   * is said by that model's load.
   *
   * @param cache as for {@link #llama}
   */
  static void openAhead(Path cache) {
    LlamaLibrary.openAhead(cache);
  }

  /**
   * Loads a model and readies it for decoding. Takes long.
   *
   * @param progress is told the fraction done and answers whether to go on
   * @throws dev.finch.failure.FinchException where the file or the library is refused, memory is
   *     short, or {@code progress} answered no
   */
  Engine load(Plan plan, Progress progress);

  /** Follows a load. Called on the loading thread. */
  interface Progress {
    /** Told a fraction from 0 to 1; false ends the load. */
    boolean loaded(double fraction);
  }

  /**
   * What to load and how much room to give it.
   *
   * @param files the GGUF file, or all parts of a split set in order
   * @param contextLength tokens that one conversation may hold; 0 takes what the model was trained
   *     for
   * @param contextLimit the most that is taken where {@code contextLength} is 0
   * @param slots how many conversations the cache has room for when all are full
   * @param sequences how many sequences share that room; at least {@code slots}
   * @param batchTokens the most tokens of one step
   * @param kvType how keys and values are stored
   * @param threads CPU threads of one step; 0 measures which number is fastest
   * @param device where to compute
   * @param memoryMap whether to map the weights from the file
   * @param adapters LoRA files by name
   */
  record Plan(
      List<Path> files,
      int contextLength,
      int contextLimit,
      int slots,
      int sequences,
      int batchTokens,
      KvType kvType,
      int threads,
      DevicePreference device,
      boolean memoryMap,
      Map<String, Path> adapters) {
    public Plan {
      files = List.copyOf(files);
      adapters = Map.copyOf(adapters);
    }
  }
}
