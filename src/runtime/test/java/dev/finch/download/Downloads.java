package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.failure.Failure;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelFile;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.settings.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Runs real downloads from a {@link LoopbackHub} into a cache of the test's own. */
final class Downloads {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ActorTestKit kit;
  private final Map<String, String> overrides = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final LoopbackHub hub;
  private final Path cache;

  Downloads(ActorTestKit kit, LoopbackHub hub, Path cache) {
    this.kit = kit;
    this.hub = hub;
    this.cache = cache;
    with("backoff.min", "5ms").with("backoff.max", "50ms").with("minimum-rate", "0");
  }

  static ActorTestKit kit() {
    return ActorTestKit.create(ConfigFactory.load());
  }

  Downloads with(String key, String value) {
    overrides.put(key, value);
    return this;
  }

  Downloads env(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  DownloadSettings settings() {
    StringBuilder text = new StringBuilder();
    overrides.forEach((key, value) -> text.append("finch.download." + key + " = " + value + "\n"));
    Config config = ConfigFactory.parseString(text.toString()).withFallback(ConfigFactory.load());
    environment.putIfAbsent("HF_ENDPOINT", hub.endpoint());
    environment.putIfAbsent("HF_HUB_CACHE", cache.toString());
    return DownloadSettings.from(
        Section.of(config, "finch.download"), new HubEnvironment(environment, Path.of("/nowhere")));
  }

  ModelCache cache() {
    return new ModelCache(settings());
  }

  CacheLayout layout() {
    return new CacheLayout(cache);
  }

  ActorRef<Downloader.Command> downloader() {
    return kit.spawn(Downloader.create(settings()));
  }

  /** What came of a fetch, and what was said on the way. */
  record Outcome(Downloader.Event last, List<DownloadProgress> progress) {
    LocalModel model() {
      return assertInstanceOf(Downloader.Completed.class, last).model();
    }

    Failure failure() {
      return assertInstanceOf(Downloader.Failed.class, last).failure();
    }

    Failure offline() {
      return assertInstanceOf(Downloader.Offline.class, last).failure();
    }
  }

  Outcome fetch(ModelSpec spec) {
    ActorRef<Downloader.Command> downloader = downloader();
    TestProbe<Downloader.Event> probe = kit.createTestProbe();
    downloader.tell(new Downloader.Fetch(spec, probe.ref()));
    Outcome outcome = await(probe);
    kit.stop(downloader);
    return outcome;
  }

  static Outcome await(TestProbe<Downloader.Event> probe) {
    List<DownloadProgress> progress = new ArrayList<>();
    while (true) {
      Downloader.Event event = probe.expectMessageClass(Downloader.Event.class, PATIENCE);
      if (event instanceof Downloader.Progressed progressed) {
        progress.add(progressed.progress());
      } else {
        return new Outcome(event, List.copyOf(progress));
      }
    }
  }

  /** By branch and quantization: the listing has to be asked. */
  static ModelSpec listed(String repository, @Nullable String selector) {
    return spec(repository, "main", selector, List.of());
  }

  /** The file as a catalogue would know it. */
  static ModelFile file(LoopbackHub hub, String repository, String path) {
    Content content = hub.content(repository, path);
    return new ModelFile(
        path, OptionalLong.of(content.size()), Optional.ofNullable(content.sha256()));
  }

  /** As the catalogue pins it: commit, sizes and hashes are known. */
  ModelSpec pinned(String repository, String... paths) {
    List<ModelFile> files = new ArrayList<>();
    for (String path : paths) {
      files.add(file(hub, repository, path));
    }
    return spec(repository, hub.commit(repository), null, files);
  }

  /** The blob of a pinned model's first file. */
  static BlobId blob(ModelSpec spec) {
    ModelSpec.Origin.Hub hub = (ModelSpec.Origin.Hub) spec.origin();
    return new BlobId(String.valueOf(hub.files().getFirst().sha256().orElse(null)));
  }

  static ModelSpec spec(
      String repository, String revision, @Nullable String selector, List<ModelFile> files) {
    return new ModelSpec(
        new ModelReference.Hub(repository, selector, revision.equals("main") ? null : revision),
        repository,
        new ModelSpec.Origin.Hub(repository, revision, selector, files),
        Optional.empty());
  }
}
