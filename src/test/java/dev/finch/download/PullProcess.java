package dev.finch.download;

import com.typesafe.config.ConfigFactory;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelSpec;
import dev.finch.settings.Section;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * A process that fetches one model and ends: {@code PullProcess REPOSITORY COMMIT PATH SIZE
 * SHA256}, with the Hub and the cache from its environment. Its status is 0 when the model is in
 * the cache.
 */
public final class PullProcess {

  private PullProcess() {}

  /** Starts one with a heap of 64 MB. */
  static Process start(LoopbackHub hub, Path cache, String repository, ModelFile file)
      throws IOException {
    return start(
        hub.endpoint(), cache, List.of(), repository, hub.commit(repository), file);
  }

  static Process start(
      String endpoint,
      Path cache,
      List<String> options,
      String repository,
      String commit,
      ModelFile file)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path").replace(File.pathSeparator + File.pathSeparator, File.pathSeparator),
            PullProcess.class.getName(),
            repository,
            commit,
            file.path(),
            String.valueOf(file.size()),
            String.valueOf(file.sha256())));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", cache.toString()));
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] args) {
    ModelSpec spec =
        Downloads.spec(
            args[0],
            args[1],
            null,
            List.of(new ModelFile(args[2], Long.parseLong(args[3]), args[4])));
    DownloadSettings settings =
        DownloadSettings.from(Section.of(ConfigFactory.load(), "finch.download"));
    ActorSystem<Downloader.Event> system =
        ActorSystem.create(root(spec, settings), "pull", ConfigFactory.load());
    system.getWhenTerminated().toCompletableFuture().join();
    System.exit(status);
  }

  private static volatile int status = 1;

  private static Behavior<Downloader.Event> root(ModelSpec spec, DownloadSettings settings) {
    return Behaviors.setup(
        context -> {
          context
              .spawn(Downloader.create(settings), "downloader")
              .tell(new Downloader.Fetch(spec, context.getSelf()));
          return Behaviors.receiveMessage(PullProcess::onEvent);
        });
  }

  private static Behavior<Downloader.Event> onEvent(Downloader.Event event) {
    switch (event) {
      case Downloader.Progressed progressed -> {
        say(progressed.progress());
        return Behaviors.same();
      }
      case Downloader.Completed _ -> status = 0;
      case Downloader.Failed failed -> System.err.println(failed.failure().describe());
      case Downloader.Offline offline -> System.err.println(offline.failure().describe());
    }
    return Behaviors.stopped();
  }

  private static void say(@Nullable DownloadProgress progress) {
    if (progress != null && progress.phase() == DownloadProgress.Phase.DONE) {
      System.out.println("done");
    }
  }
}
