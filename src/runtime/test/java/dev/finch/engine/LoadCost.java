package dev.finch.engine;

import dev.finch.inference.Answer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Load time, memory and first token of the Loader and of java-llama.cpp's own API. */
final class LoadCost implements Bench.Part {

  @Override
  public void run(Bench bench) throws Exception {
    for (int i = 0; i < 2; i++) {
      finch(bench);
    }
    // Its loader deletes files from the temporary directory.
    Path temporary = Files.createTempDirectory("binding");
    new ChildJvm("-Djava.io.tmpdir=" + temporary)
        .run(
            JavaApiBench.class,
            bench.model().files().getFirst(),
            Math.max(1, bench.threads()),
            bench.tokens())
        .lines()
        .filter(line -> line.startsWith("binding"))
        .forEach(line -> Bench.print("%s", line));
  }

  private static void finch(Bench bench) throws Exception {
    long before = ResidentMemory.bytes();
    LoaderKit.Loaded[] loaded = new LoaderKit.Loaded[1];
    Bench.Cost cost =
        Bench.measure(
            () -> {
              loaded[0] = bench.kit().load(bench.model(), bench.settings(1, 2048));
              return 1;
            });
    Bench.print(
        "load: %.2f s by the clock, %.2f s of processor time, resident memory +%d MiB",
        cost.wall(), cost.cpu(), (ResidentMemory.bytes() - before) >> 20);
    loaded[0].ask(Bench.request("warm up", 2));
    Answer answer = loaded[0].ask(Bench.request(Bench.prompt(0), bench.tokens()));
    Bench.print(
        "%d threads, %d tokens: first token after %.3f s, %.1f tokens/s",
        loaded[0].ready.info().threads(),
        bench.tokens(),
        answer.timings().firstToken().toNanos() / 1e9,
        answer.timings().completionPerSecond().orElse(0));
    loaded[0].close();
  }
}
