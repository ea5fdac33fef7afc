package dev.finch.download;

import dev.finch.model.ModelSpec;
import dev.finch.platform.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How long a download goes on after it was aborted: until what has come is noted, the part closed
 * and its lock free for another process.
 */
final class StopBenchmark {

  private static final String REPO = "acme/stop-gguf";
  private static final String FILE = "stop-q4_k_m.gguf";
  private static final long SIZE = 256L << 20;
  private static final int ROUNDS = 20;

  private StopBenchmark() {}

  /** Prints it; {@code directory} has room for the file twice. */
  static void run(Path directory) throws IOException {
    ActorTestKit kit = Downloads.kit();
    Path origin = Content.random(directory.resolve("stop.gguf"), SIZE, 1);
    try (LoopbackHub hub = LoopbackHub.start().serve(REPO, FILE, origin)) {
      hub.slowNetwork(Duration.ofMillis(50), 20_000_000);
      double[] millis = new double[ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        double took = stop(kit, new Downloads(kit, hub, directory.resolve("stop" + round)), round);
        if (round >= 0) {
          millis[round] = took;
        }
      }
      Arrays.sort(millis);
      System.out.printf(
          Locale.ROOT,
          "%nabort to stopped, part noted and closed: median %.1f ms, most %.1f ms of %d%n",
          millis[ROUNDS / 2],
          millis[ROUNDS - 1],
          ROUNDS);
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static double stop(ActorTestKit kit, Downloads downloads, int round) throws IOException {
    ModelSpec spec = downloads.pinned(REPO, FILE);
    ActorRef<Downloader.Command> downloader = downloads.downloader();
    TestProbe<Downloader.Event> probe = kit.createTestProbe();
    downloader.tell(new Downloader.Fetch(spec, probe.ref()));
    long wanted = SIZE / 4 + SIZE / 4 * Math.max(0, round) / ROUNDS;
    long had = 0;
    while (had < wanted) {
      had = probe.expectMessageClass(Downloader.Progressed.class).progress().committedBytes();
    }
    BlobId id = Downloads.blob(spec);
    Path lock = downloads.layout().lock(REPO, id);
    long begun = System.nanoTime();
    downloader.tell(new Downloader.Abort(spec.reference(), probe.ref()));
    while (held(lock)) {
      Thread.onSpinWait();
    }
    double millis = (System.nanoTime() - begun) / 1e6;
    kit.stop(downloader);
    for (Path part : CacheLayout.children(downloads.layout().blobs(REPO))) {
      Files.delete(part);
    }
    return millis;
  }

  private static boolean held(Path lock) throws IOException {
    var taken = FileLock.tryAcquire(lock);
    if (taken.isPresent()) {
      taken.get().close();
    }
    return taken.isEmpty();
  }
}
