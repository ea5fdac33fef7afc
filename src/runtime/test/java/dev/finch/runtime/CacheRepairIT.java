package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.ModelListing;
import dev.finch.VerifiedFile;
import dev.finch.VerifiedFile.Outcome;
import dev.finch.download.LoopbackHub;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.streams.FinchSources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking after the cache through the runtime, on a loopback Hub. */
final class CacheRepairIT {

  private static final String REPOSITORY = "acme/tiny-GGUF";
  private static final String FILE = "tiny-q8_0.gguf";
  private static final ModelReference MODEL = ModelReference.parse("hf:" + REPOSITORY);

  @TempDir Path directory;

  private final LoopbackHub hub = LoopbackHub.start();

  @BeforeEach
  void serveTheModel() throws IOException {
    try (InputStream model =
        CacheRepairIT.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      Files.copy(model, original());
    }
    hub.serve(REPOSITORY, FILE, original());
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @Test
  void verifyFetchesADamagedFileAgain() throws IOException {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      pull(finch);
      Path blob = damage();
      hub.forget();

      VerifiedFile found = only(get(finch.verifyAsync(MODEL)));

      assertEquals(Outcome.REPAIRED, found.outcome());
      assertFalse(found.broken());
      assertEquals(Files.size(original()), found.bytes());
      assertEquals(Files.size(original()), hub.bodyBytes());
      assertEquals(-1, Files.mismatch(original(), blob));
      assertEquals(-1, Files.mismatch(original(), found.path()));

      hub.forget();
      pull(finch);
      assertEquals(Outcome.OK, only(get(finch.verifyAsync(null))).outcome());
      assertEquals(0, hub.bodyBytes());
    }
  }

  @Test
  void removesWhatIsCachedAndRefusesTheRest() throws IOException {
    // Its licence was never accepted, which removing does not need.
    ModelReference licensed = ModelReference.parse("qwen2.5-3b");
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      pull(finch);
      assertEquals(Files.size(original()), get(finch.removeAsync(MODEL)));
      for (ModelReference absent : List.of(MODEL, licensed)) {
        assertEquals(FailureCode.UNKNOWN_MODEL, refusal(finch.removeAsync(absent)));
      }
      assertEquals(FailureCode.BAD_REQUEST, refusal(finch.removeAsync(ModelReference.BUILT_IN)));
    }
  }

  @Test
  void verifyRepairsTheQuantizationThatIsCachedAndNotTheDefault() throws IOException {
    hub.serve(REPOSITORY, "tiny-q4_k_m.gguf", original());
    ModelReference cached = ModelReference.parse("hf:" + REPOSITORY + ":q8_0");
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      get(FinchSources.pull(finch, cached).runWith(Sink.ignore(), finch.system()));
      damage();

      assertEquals(Outcome.REPAIRED, only(get(finch.verifyAsync(MODEL))).outcome());

      assertTrue(get(finch.isCachedAsync(cached)));
      assertEquals(FILE, String.valueOf(only(get(finch.verifyAsync(null))).path().getFileName()));
    }
  }

  @Test
  void verifyRemovesADamagedFileThatItCannotFetchAndSaysWhy() throws IOException {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      pull(finch);
    }
    Path blob = damage();
    try (LocalFinch finch = LocalFinch.start(config(Map.of("finch.download.offline", "on")))) {
      VerifiedFile found = only(get(finch.verifyAsync(null)));

      assertEquals(Outcome.DAMAGED_REMOVED, found.outcome());
      assertTrue(found.broken());
      assertEquals(FailureCode.OFFLINE, found.failure().orElse(null).code());
      assertFalse(Files.exists(blob));
      assertFalse(get(finch.isCachedAsync(MODEL)));
      assertEquals(List.of(), get(finch.verifyAsync(null)));
    }
  }

  @Test
  void verifyTellsHowFarItHasRead() throws IOException {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      pull(finch);
      List<DownloadProgress> progress = new CopyOnWriteArrayList<>();

      get(finch.verifyAsync(MODEL, progress::add));

      DownloadProgress last = progress.getLast();
      assertEquals(DownloadProgress.Phase.DONE, last.phase());
      assertEquals(Files.size(original()), last.totalBytes().orElse(-1));
    }
  }

  @Test
  void listsWhichRevisionIsCachedAndWhetherItWasVerified() throws IOException {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      pull(finch);
      ModelListing listed = listing(finch);
      assertEquals(
          "main " + hub.commit(REPOSITORY).substring(0, 7), listed.revision().orElse(null));
      assertTrue(listed.verified());

      damage();
      Files.setLastModifiedTime(blob(), before(Duration.ofDays(1)));
      assertFalse(listing(finch).verified(), "it changed since");
    }
  }

  private static ModelListing listing(LocalFinch finch) {
    return get(finch.modelsAsync()).stream()
        .filter(model -> REPOSITORY.equals(model.repository().orElse(null)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPullThatOneCancelsGoesOnForTheOther() throws IOException {
    hub.slowNetwork(Duration.ZERO, 500_000);
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      CompletionStage<?> stays =
          FinchSources.pull(finch, MODEL).runWith(Sink.ignore(), finch.system());
      get(
          FinchSources.pull(finch, MODEL)
              .filter(progress -> progress.committedBytes() > 100_000)
              .runWith(Sink.head(), finch.system()));
      hub.slowNetwork(Duration.ZERO, 0);

      get(stays);

      assertTrue(get(finch.isCachedAsync(MODEL)));
      assertEquals(Files.size(original()), hub.bodyBytes());
    }
  }

  @Test
  void verifySaysWhatItCannotCheck() {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      assertEquals(List.of(), get(finch.verifyAsync(null)));
      assertEquals(FailureCode.UNKNOWN_MODEL, refusal(finch.verifyAsync(MODEL)));
      assertEquals(FailureCode.BAD_REQUEST, refusal(finch.verifyAsync(ModelReference.BUILT_IN)));
      assertEquals(0, hub.requests().size());
    }
  }

  @Test
  void pruneRemovesStalePartsAndNothingElse() throws IOException {
    try (LocalFinch finch = LocalFinch.start(config(Map.of()))) {
      pull(finch);
      Path blobs = blob().getParent();
      Path stale = part(blobs.resolve("a".repeat(64) + ".finch.part"), 1000, Duration.ofDays(2));
      Path fresh = part(blobs.resolve("b".repeat(64) + ".finch.part"), 300, Duration.ofHours(1));
      Path other = part(blobs.resolve("c".repeat(64) + ".incomplete"), 70, Duration.ofDays(9));
      Files.setLastModifiedTime(blob(), before(Duration.ofDays(9)));

      assertEquals(1000, get(finch.pruneAsync()));

      assertFalse(Files.exists(stale));
      assertTrue(Files.exists(fresh), "its download may go on");
      assertTrue(Files.exists(other), "another tool's");
      assertEquals(Outcome.OK, only(get(finch.verifyAsync(MODEL))).outcome());
      assertEquals(0, get(finch.pruneAsync()));
    }
  }

  private void pull(LocalFinch finch) {
    get(FinchSources.pull(finch, MODEL).runWith(Sink.ignore(), finch.system()));
  }

  /** Flips one byte in the middle; gives the blob. */
  private Path damage() throws IOException {
    Path blob = blob();
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
    assertNotEquals(-1, Files.mismatch(original(), blob));
    return blob;
  }

  private Path blob() {
    return directory
        .resolve("hub/models--" + REPOSITORY.replace("/", "--") + "/blobs")
        .resolve(hub.content(REPOSITORY, FILE).sha256());
  }

  private static Path part(Path path, int bytes, Duration age) throws IOException {
    Files.write(path, new byte[bytes]);
    return Files.setLastModifiedTime(path, before(age));
  }

  private static FileTime before(Duration age) {
    return FileTime.from(Instant.now().minus(age));
  }

  private Path original() {
    return directory.resolve(FILE);
  }

  private Config config(Map<String, Object> changes) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("finch.supervisor.prepare", "none");
    settings.put("finch.cloud.enabled", "off");
    settings.put("finch.download.endpoint", hub.endpoint());
    settings.put("finch.download.cache", directory.resolve("hub").toString());
    settings.put("finch.directories.state", directory.resolve("state").toString());
    settings.put("finch.directories.cache", directory.resolve("cache").toString());
    settings.putAll(changes);
    return ConfigFactory.parseMap(settings);
  }

  private static VerifiedFile only(List<VerifiedFile> files) {
    assertEquals(1, files.size(), files::toString);
    return files.getFirst();
  }

  private static FailureCode refusal(CompletionStage<?> stage) {
    CompletionException thrown = assertThrows(CompletionException.class, () -> get(stage));
    return ((FinchException) thrown.getCause()).failure().code();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
