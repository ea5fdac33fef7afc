package dev.finch.example;

import com.typesafe.config.ConfigFactory;
import dev.finch.Finch;
import dev.finch.FitReport;
import dev.finch.ModelListing;
import dev.finch.failure.FinchException;
import dev.finch.model.Bytes;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.runtime.LocalFinch;
import dev.finch.streams.FinchSources;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Selection and download: what this machine offers, which model it gets, what the catalogue holds,
 * and with {@code --download [reference]} the download with its progress.
 */
public final class SelectAndDownload {

  private SelectAndDownload() {}

  public static void main(String[] args) {
    ActorSystem<Void> host = ActorSystem.create(Behaviors.empty(), "example");
    try (Finch finch =
        LocalFinch.attach(host, ConfigFactory.parseString("finch.supervisor.prepare = none"))) {
      FitReport fit = finch.fit();
      System.out.println(
          "Memory "
              + Bytes.format(fit.totalMemoryBytes())
              + ", processors "
              + fit.processors()
              + ": "
              + fit.why());
      for (ModelListing model : finch.models()) {
        System.out.printf(
            "%s %-22s %9s %s%n",
            model.chosen() ? "*" : " ",
            model.reference(),
            Bytes.format(Math.max(0, model.downloadBytes().orElse(-1))),
            model.cached() ? "cached" : "");
      }
      if (args.length > 0 && args[0].equals("--download")) {
        download(finch, args.length > 1 ? args[1] : "auto", host);
      }
    } finally {
      host.terminate();
      host.getWhenTerminated().toCompletableFuture().join();
    }
  }

  private static void download(Finch finch, String reference, ActorSystem<?> host) {
    try {
      DownloadProgress last =
          FinchSources.pull(finch, ModelReference.parse(reference))
              .conflate((_, newer) -> newer)
              .throttle(4, Duration.ofSeconds(1))
              .alsoTo(Sink.foreach(SelectAndDownload::show))
              .runWith(Sink.last(), host)
              .toCompletableFuture()
              .join();
      System.out.println("Downloaded " + Bytes.format(last.totalBytes().orElse(-1)));
    } catch (CompletionException e) {
      String why =
          e.getCause() instanceof FinchException failed
              ? failed.failure().describe()
              : String.valueOf(e.getCause());
      System.out.println("Not downloaded: " + why);
    }
  }

  private static void show(DownloadProgress progress) {
    System.out.printf(
        "%s %s of %s%n",
        progress.phase(),
        Bytes.format(progress.committedBytes()),
        Bytes.format(Math.max(0, progress.totalBytes().orElse(-1))));
  }
}
