package dev.finch.engine;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.LlamaOutput;
import de.kherud.llama.ModelParameters;
import java.util.Locale;

/**
 * Load time, memory and speed of java-llama.cpp's own Java API: {@code JavaApiBench MODEL THREADS
 * TOKENS}. Run in a JVM of its own, as {@link JavaApiChild} is.
 */
final class JavaApiBench {

  private JavaApiBench() {}

  public static void main(String[] args) throws Exception {
    long before = ResidentMemory.bytes();
    long begun = System.nanoTime();
    LlamaModel model =
        new LlamaModel(
            new ModelParameters()
                .setModel(args[0])
                .setCtxSize(2048)
                .setThreads(Integer.parseInt(args[1]))
                .skipWarmup()
                .disableLog());
    double load = (System.nanoTime() - begun) / 1e9;
    long grown = ResidentMemory.bytes() - before;
    model.complete(new InferenceParameters("warm up").setNPredict(2));
    begun = System.nanoTime();
    long first = 0;
    int outputs = 0;
    var asked =
        new InferenceParameters("A bird is")
            .setTemperature(0)
            .setRepeatPenalty(1)
            .setNPredict(Integer.parseInt(args[2]));
    for (LlamaOutput output : model.generate(asked)) {
      first = outputs++ == 0 ? System.nanoTime() - begun : first;
    }
    double rate = (outputs - 1) / ((System.nanoTime() - begun - first) / 1e9);
    System.out.printf(
        Locale.ROOT,
        "binding: load %.2f s, resident memory +%d MiB, first token after %.3f s, %.1f outputs/s%n",
        load,
        grown >> 20,
        first / 1e9,
        rate);
    Runtime.getRuntime().halt(0);
  }
}
