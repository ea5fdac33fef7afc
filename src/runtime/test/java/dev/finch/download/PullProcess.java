package dev.finch.download;

import com.typesafe.config.ConfigFactory;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelSpec;
import dev.finch.settings.Section;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A process that fetches one model and ends: {@code PullProcess REPOSITORY COMMIT PATH SIZE
 * SHA256}, with the Hub and the cache from its environment. Its status is 0 when the model is in
 * the cache, and its output then says {@code SECONDS CPU_SECONDS PEAK_HEAP_MB} of the download.
 */
public final class PullProcess {

  private PullProcess() {}

  /** Starts one with a small heap, a quick compiler and these options. */
  static Process start(
      LoopbackHub hub, Path cache, String repository, ModelFile file, String... options)
      throws IOException {
    List<String> all =
        new ArrayList<>(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    all.addAll(List.of(options));
    List<String> command = command(all, repository, hub.commit(repository), file);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(Map.of("HF_ENDPOINT", hub.endpoint(), "HF_HUB_CACHE", cache.toString()));
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  static List<String> command(
      List<String> options, String repository, String commit, ModelFile file) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            PullProcess.class.getName(),
            repository,
            commit,
            file.path(),
            String.valueOf(file.size().orElse(-1)),
            String.valueOf(file.sha256().orElse(null))));
    return command;
  }

  public static void main(String[] args) {
    ModelSpec spec =
        Downloads.spec(
            args[0],
            args[1],
            null,
            List.of(
                new ModelFile(
                    args[2],
                    OptionalLong.of(Long.parseLong(args[3])),
                    Optional.ofNullable(args[4]))));
    var config = ConfigFactory.load();
    DownloadSettings settings = DownloadSettings.from(Section.of(config, "finch.download"));
    CompletableFuture<Downloader.Event> last = new CompletableFuture<>();
    ActorSystem<Downloader.Event> system =
        ActorSystem.create(root(spec, settings, last), "pull", config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(system)));
    long begun = System.nanoTime();
    Downloader.Event event = last.join();
    double seconds = (System.nanoTime() - begun) / 1e9;
    boolean good = event instanceof Downloader.Completed;
    if (good) {
      System.out.printf(Locale.ROOT, "%.3f %.3f %.1f%n", seconds, cpuSeconds(), peakHeap() / 1e6);
    } else {
      System.err.println(event);
    }
    system.terminate();
    Runtime.getRuntime().halt(good ? 0 : 1);
  }

  private static Behavior<Downloader.Event> root(
      ModelSpec spec, DownloadSettings settings, CompletableFuture<Downloader.Event> last) {
    return Behaviors.setup(
        context -> {
          context
              .spawn(Downloader.create(settings), "downloader")
              .tell(new Downloader.Fetch(spec, context.getSelf()));
          return Behaviors.receiveMessage(
              event -> {
                if (!(event instanceof Downloader.Progressed)) {
                  last.complete(event);
                }
                return Behaviors.same();
              });
        });
  }

  /** What an orderly end of the process does. */
  private static void end(ActorSystem<?> system) {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private static double cpuSeconds() {
    return ProcessHandle.current()
        .info()
        .totalCpuDuration()
        .map(d -> d.toMillis() / 1e3)
        .orElse(0.0);
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
