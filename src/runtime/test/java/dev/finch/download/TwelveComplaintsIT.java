package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.download.Fault.Kind;
import dev.finch.download.LoopbackHub.Place;
import dev.finch.failure.FailureCode;
import dev.finch.model.DownloadProgress;
import dev.finch.model.DownloadProgress.Phase;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelSpec;
import dev.finch.platform.FileLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people complain about most in other Hub clients, one test for each complaint. */
final class TwelveComplaintsIT {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final long SIZE = 8_000_000;
  private static final long MIB = 1 << 20;

  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private Path temp;
  private LoopbackHub hub;
  private Downloads downloads;

  @BeforeEach
  void serveOneModel() {
    hub = LoopbackHub.start();
    hub.serve(REPO, FILE, Content.random(temp.resolve("origin/" + FILE), SIZE, 1));
    downloads = new Downloads(KIT, hub, temp.resolve("hub"));
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @AfterAll
  static void stopActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void complaint1ResumesOverRunsWithOneIntervalLost() throws IOException {
    downloads.with("persist-bytes", "256 KiB");
    hub.cdnBehaves(_ -> Fault.of(Kind.SLOW, 8_000_000));
    ModelSpec spec = downloads.pinned(REPO, FILE);
    long had = abortAfter(spec, SIZE / 2);
    hub.cdnBehaves(_ -> Fault.NONE).forget();

    assertGood(downloads.fetch(spec).model());

    assertTrue(hub.bodyBytes() <= SIZE - had + MIB, hub.bodyBytes() + " of " + (SIZE - had));
  }

  @Test
  void complaint2DropsConnectionsThatStallOrTrickle() throws IOException {
    downloads
        .with("stall-timeout", "400ms")
        .with("minimum-rate", "200 kB")
        .with("minimum-rate-window", "500ms");
    hub.fail(Place.CDN, Fault.of(Kind.STALL, 1_000_000), Fault.of(Kind.SLOW, 20_000));

    assertGood(downloads.fetch(downloads.pinned(REPO, FILE)).model());

    assertEquals(3, hub.requestsTo(Place.CDN).size());
  }

  @Test
  void complaint3NeverPublishesDamagedBytes() throws IOException {
    for (long offset : new long[] {0, SIZE / 2, SIZE - 1}) {
      Downloads fresh = new Downloads(KIT, hub, temp.resolve("hub" + offset));
      hub.forget().fail(Place.CDN, Fault.of(Kind.CORRUPT, offset));
      assertGood(fresh.fetch(fresh.pinned(REPO, FILE)).model());
      assertEquals(2 * SIZE, hub.bodyBytes());
    }
    hub.cdnBehaves(_ -> Fault.of(Kind.CORRUPT, 77));
    var failure = downloads.fetch(downloads.pinned(REPO, FILE)).failure();
    assertEquals(FailureCode.CHECKSUM_MISMATCH, failure.code());
    assertTrue(failure.message().contains(hub.content(REPO, FILE).sha256()), failure.message());
    assertEquals(List.of(), blobs());
    assertTrue(downloads.cache().list().isEmpty());
  }

  @Test
  void complaint4TwoAtOnceTransferOnce() throws IOException {
    hub.cdnBehaves(_ -> Fault.of(Kind.SLOW, 10_000_000));
    ModelSpec spec = downloads.pinned(REPO, FILE);
    List<ActorRef<Downloader.Command>> downloaders = new ArrayList<>();
    List<TestProbe<Downloader.Event>> probes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      downloaders.add(downloads.downloader());
      probes.add(KIT.createTestProbe());
      downloaders.get(i).tell(new Downloader.Fetch(spec, probes.get(i).ref()));
    }
    List<Downloads.Outcome> outcomes = probes.stream().map(Downloads::await).toList();

    for (Downloads.Outcome outcome : outcomes) {
      assertGood(outcome.model());
    }
    assertEquals(SIZE, hub.bodyBytes());
    assertTrue(
        outcomes.stream()
            .flatMap(outcome -> outcome.progress().stream())
            .anyMatch(one -> one.phase() == Phase.WAITING_FOR_LOCK));
    downloaders.forEach(KIT::stop);
  }

  @Test
  void complaint5WaitsForAForeignLockOnlySoLong() throws IOException {
    downloads.with("lock-patience", "500ms");
    ModelSpec spec = downloads.pinned(REPO, FILE);
    BlobId id = new BlobId(hub.content(REPO, FILE).sha256());
    Path lock = downloads.layout().lock(REPO, id);
    Files.createDirectories(lock.getParent());
    try (FileLock _ = FileLock.tryAcquire(lock).orElseThrow()) {
      Downloads.Outcome outcome = downloads.fetch(spec);
      assertGood(outcome.model());
      assertTrue(
          outcome.progress().stream().anyMatch(one -> one.phase() == Phase.WAITING_FOR_LOCK));
      hub.forget();
      assertGood(downloads.fetch(spec).model());
      assertEquals(List.of(), hub.requests());
    }
  }

  @Test
  void complaint6WaitsAsLongAsTheHubAsksAndServesTheCacheMeanwhile() throws IOException {
    ModelSpec spec = Downloads.listed(REPO, null);
    hub.fail(Place.API, Fault.status(429, "RateLimit", "\"api\";r=0;t=1"));
    hub.fail(Place.CDN, Fault.status(429, "Retry-After", "1"));
    long begun = System.nanoTime();
    assertGood(downloads.fetch(spec).model());
    assertTrue(System.nanoTime() - begun > Duration.ofSeconds(3).toNanos());

    hub.fail(Place.API, Fault.status(429, "Retry-After", "300"));
    ActorRef<Downloader.Command> downloader = downloads.downloader();
    for (int i = 0; i < 2; i++) {
      TestProbe<Downloader.Event> probe = KIT.createTestProbe();
      downloader.tell(new Downloader.Fetch(spec, probe.ref()));
      assertGood(Downloads.await(probe).model());
    }
    KIT.stop(downloader);
  }

  @Test
  void complaint7SurvivesIgnoredAndWrongRanges() throws IOException {
    downloads.with("parallel-from", "1 MiB").with("piece", "1 MiB");
    ModelSpec spec = downloads.pinned(REPO, FILE);
    hub.cdnBehaves(
        request -> request.header("range").isEmpty() ? Fault.NONE : Fault.of(Kind.IGNORE_RANGE, 0));
    assertGood(downloads.fetch(spec).model());

    Downloads wrong = new Downloads(KIT, hub, temp.resolve("wrong"));
    wrong.with("parallel-from", "1 MiB").with("piece", "1 MiB");
    hub.cdnBehaves(_ -> Fault.NONE);
    hub.fail(Place.CDN, Fault.of(Kind.WRONG_RANGE, 100), Fault.status(416), Fault.NONE);
    assertGood(wrong.fetch(spec).model());
  }

  @Test
  void complaint8ResolvesAgainWhenASignedAddressRanOut() throws IOException {
    hub.signFor(Duration.ofMillis(600));
    hub.cdnBehaves(_ -> Fault.of(Kind.FIN, 2_500_000));
    hub.slowNetwork(Duration.ofMillis(400), 0);
    assertGood(downloads.fetch(downloads.pinned(REPO, FILE)).model());
    assertTrue(hub.requestsTo(Place.RESOLVE).size() > 1);
    assertTrue(hub.requests().stream().anyMatch(request -> request.status() == 403));
  }

  @Test
  void complaint9CountsResumedBytesOnceAndNeverGoesBack() {
    hub.cdnBehaves(_ -> Fault.of(Kind.SLOW, 8_000_000));
    ModelSpec spec = downloads.pinned(REPO, FILE);
    long had = abortAfter(spec, SIZE / 3);

    Downloads.Outcome outcome = downloads.fetch(spec);

    long before = 0;
    boolean resumed = false;
    for (DownloadProgress one : outcome.progress()) {
      assertTrue(one.committedBytes() >= before);
      resumed |= one.phase() == Phase.DOWNLOADING && one.committedBytes() >= had - MIB;
      assertEquals(one.phase() == Phase.DONE, one.fraction() == 1.0);
      before = one.committedBytes();
    }
    assertTrue(resumed);
  }

  @Test
  void complaint10RefusesBeforeTheFirstByteAndKeepsThePartWhenTheDiskFillsUp() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(temp.resolve("disk"), 12 * MIB)) {
      Downloads small = new Downloads(KIT, hub, disk.path().resolve("hub"));
      ModelSpec spec = small.pinned(REPO, FILE);
      Path filler = Content.random(disk.path().resolve("filler"), 5 * MIB, 2);

      var refused = small.fetch(spec).failure();
      assertEquals(FailureCode.DISK_FULL, refused.code());
      assertTrue(
          String.valueOf(refused.hint().orElse(null)).contains("Free at least"),
          refused.hint().orElse(null));
      assertEquals(0, hub.bodyBytes());

      Files.delete(filler);
      hub.cdnBehaves(
          _ -> {
            if (!Files.exists(filler)) {
              Content.random(filler, 5 * MIB, 2);
            }
            return Fault.NONE;
          });
      var full = small.fetch(spec).failure();
      assertEquals(FailureCode.DISK_FULL, full.code());
      assertTrue(full.retryable());

      Files.delete(filler);
      hub.cdnBehaves(_ -> Fault.NONE).forget();
      assertGood(small.fetch(spec).model());
      assertTrue(hub.bodyBytes() < SIZE, "the part was kept");
    }
  }

  @Test
  void complaint11WorksWithoutSymlinks() throws IOException {
    downloads.with("symlinks", "off");
    LocalModel model = downloads.fetch(Downloads.listed(REPO, null)).model();

    assertGood(model);
    assertFalse(Files.isSymbolicLink(model.files().getFirst()));
    assertEquals(List.of(), blobs());
    assertTrue(downloads.cache().list().getFirst().verified());
    hub.forget();
    downloads.fetch(downloads.pinned(REPO, FILE)).model();
    assertEquals(List.of(), hub.requests());
  }

  @Test
  void complaint12KnowsAPortalFromAHubAndMakesNoRequestOffline() throws IOException {
    hub.fail(Place.API, Fault.of(Kind.HTML, 0));
    assertEquals(
        FailureCode.HUB_PROTOCOL, downloads.fetch(Downloads.listed(REPO, null)).failure().code());
    hub.fail(Place.RESOLVE, Fault.of(Kind.HTML, 0));
    assertEquals(
        FailureCode.HUB_PROTOCOL, downloads.fetch(downloads.pinned(REPO, FILE)).failure().code());

    Downloads offline = new Downloads(KIT, hub, temp.resolve("hub")).env("HF_HUB_OFFLINE", "1");
    hub.forget();
    assertEquals(FailureCode.OFFLINE, offline.fetch(downloads.pinned(REPO, FILE)).offline().code());
    assertEquals(List.of(), hub.requests());
    assertGood(downloads.fetch(downloads.pinned(REPO, FILE)).model());
    hub.forget();
    assertGood(offline.fetch(downloads.pinned(REPO, FILE)).model());
    assertEquals(List.of(), hub.requests());
  }

  /** Stops a download in the middle and gives how many bytes it had said that it had. */
  private long abortAfter(ModelSpec spec, long bytes) {
    ActorRef<Downloader.Command> downloader = downloads.downloader();
    TestProbe<Downloader.Event> probe = KIT.createTestProbe();
    downloader.tell(new Downloader.Fetch(spec, probe.ref()));
    long had = 0;
    while (had < bytes) {
      had =
          probe
              .expectMessageClass(Downloader.Progressed.class, Duration.ofSeconds(30))
              .progress()
              .committedBytes();
    }
    downloader.tell(new Downloader.Abort(spec.reference(), probe.ref()));
    probe.fishForMessage(
        Duration.ofSeconds(5),
        event ->
            event instanceof Downloader.Failed failed
                    && failed.failure().code() == FailureCode.CANCELLED
                ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore());
    return had;
  }

  private void assertGood(LocalModel model) throws IOException {
    assertEquals(-1, Files.mismatch(hub.content(REPO, FILE).file(), model.files().getFirst()));
    List<Path> left = blobs();
    assertTrue(
        left.stream().allMatch(blob -> BlobId.parse(blob.getFileName().toString()) != null),
        left.toString());
  }

  private List<Path> blobs() throws IOException {
    return CacheLayout.children(downloads.layout().blobs(REPO));
  }
}
