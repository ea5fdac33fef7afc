package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloaderTest {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final long SIZE = 6_000_000;

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
  void bringsAPinnedModelWithOneQuestionToTheHub() throws IOException {
    LocalModel model = downloads.fetch(downloads.pinned(REPO, FILE)).model();

    assertSame(hub.content(REPO, FILE), model.files().getFirst());
    assertEquals(hub.commit(REPO), model.commit());
    assertEquals(1, hub.requestsTo(LoopbackHub.Place.RESOLVE).size());
    assertEquals(0, hub.requestsTo(LoopbackHub.Place.API).size());
    assertEquals(SIZE, hub.bodyBytes());
  }

  @Test
  void writesTheStandardLayout() throws IOException {
    downloads.fetch(Downloads.listed(REPO, "q4_k_m")).model();

    Path cache = temp.resolve("hub");
    Path repository = cache.resolve("models--acme--tiny-gguf");
    String etag = hub.content(REPO, FILE).sha256();
    Path link = repository.resolve("snapshots/" + hub.commit(REPO) + "/" + FILE);
    assertEquals(Path.of("../../blobs/" + etag), Files.readSymbolicLink(link));
    assertEquals(hub.commit(REPO), Files.readString(repository.resolve("refs/main")));
    assertEquals(
        List.of(repository.resolve("blobs/" + etag)),
        CacheLayout.children(repository.resolve("blobs")));
    assertTrue(Files.exists(cache.resolve(".locks/models--acme--tiny-gguf/" + etag + ".lock")));
    assertEquals(191, Files.size(cache.resolve("CACHEDIR.TAG")));
    assertTrue(
        Files.readString(cache.resolve("CACHEDIR.TAG"))
            .endsWith("\n#\thttps://bford.info/cachedir/\n"));
  }

  @Test
  void asksNothingForACachedCommitAndOnlyTheRevisionForACachedBranch() {
    ModelSpec pinned = downloads.pinned(REPO, FILE);
    ModelSpec branch = Downloads.listed(REPO, "q4_k_m");
    downloads.fetch(branch).model();
    hub.forget();

    downloads.fetch(pinned).model();
    assertEquals(List.of(), hub.requests());

    downloads.fetch(branch).model();
    assertEquals(1, hub.requests().size());
    assertEquals(0, hub.bodyBytes());
  }

  @Test
  void tellsProgressThatNeverGoesBackAndIsWholeOnlyWhenDone() {
    hub.slowNetwork(java.time.Duration.ZERO, 12_000_000);
    Downloads.Outcome outcome = downloads.fetch(downloads.pinned(REPO, FILE));

    outcome.model();
    List<DownloadProgress> progress = outcome.progress();
    assertEquals(Phase.RESOLVING, progress.getFirst().phase());
    assertEquals(Phase.DONE, progress.getLast().phase());
    assertTrue(
        progress.stream()
            .anyMatch(one -> one.phase() == Phase.DOWNLOADING && one.bytesPerSecond() > 0));
    long before = 0;
    for (DownloadProgress one : progress) {
      assertTrue(one.committedBytes() >= before);
      assertTrue(one.phase() == Phase.RESOLVING || one.totalBytes().orElse(-1) == SIZE);
      assertEquals(one.phase() == Phase.DONE, one.committedBytes() == SIZE);
      before = one.committedBytes();
    }
  }

  @Test
  void listsFindsAndRemovesWhatIsCached() {
    ModelSpec spec = downloads.pinned(REPO, FILE);
    ModelCache cache = downloads.cache();
    assertTrue(cache.find(spec).isEmpty());
    assertEquals(List.of(), cache.list());

    downloads.fetch(Downloads.listed(REPO, null)).model();

    assertTrue(cache.find(spec).isPresent());
    CachedModel listed = cache.list().getFirst();
    assertEquals(REPO, listed.repository());
    assertEquals(List.of("main"), listed.revisions());
    assertEquals(SIZE, listed.bytes());
    assertTrue(listed.verified());

    assertEquals(SIZE, cache.remove(spec));
    assertTrue(cache.find(spec).isEmpty());
    assertEquals(List.of(), cache.list());
  }

  @Test
  void saysOfflineWhenTheHubIsDeadAndNothingIsCached() {
    ModelSpec spec = Downloads.listed(REPO, null);
    hub.close();
    assertEquals(FailureCode.HUB_UNREACHABLE, downloads.fetch(spec).offline().code());
    assertTrue(downloads.fetch(spec).offline().retryable());
  }

  @Test
  void usesTheCachedModelWhenTheHubIsDead() {
    ModelSpec spec = Downloads.listed(REPO, null);
    LocalModel model = downloads.fetch(spec).model();
    hub.close();
    assertEquals(model, downloads.fetch(spec).model());
  }

  @Test
  void stopsAtOnceWhenAbortedAndContinuesWhenAskedAgain() throws Exception {
    hub.cdnBehaves(_ -> Fault.of(Fault.Kind.SLOW, 3_000_000));
    ModelSpec spec = neverPersisted().pinned(REPO, FILE);
    ActorRef<Downloader.Command> downloader = downloads.downloader();
    TestProbe<Downloader.Event> probe = KIT.createTestProbe();
    downloader.tell(new Downloader.Fetch(spec, probe.ref()));
    long had = awaitBytes(probe, 500_000);

    downloader.tell(new Downloader.Abort(spec.reference(), probe.ref()));

    assertEquals(FailureCode.CANCELLED, Downloads.await(probe).failure().code());
    probe.awaitAssert(this::assertLockIsFree);
    assertTrue(kept() >= had, "kept " + kept() + " of " + had);
    hub.cdnBehaves(_ -> Fault.NONE);
    TestProbe<Downloader.Event> again = KIT.createTestProbe();
    downloader.tell(new Downloader.Fetch(spec, again.ref()));
    assertSame(hub.content(REPO, FILE), Downloads.await(again).model().files().getFirst());
    assertTrue(hub.bodyBytes() < SIZE + 2_000_000, "the part was continued");
    KIT.stop(downloader);
  }

  @Test
  void losesNothingWhenItIsStoppedFromOutside() {
    hub.cdnBehaves(_ -> Fault.of(Fault.Kind.SLOW, 3_000_000));
    ModelSpec spec = neverPersisted().pinned(REPO, FILE);
    ActorRef<Downloader.Command> downloader = downloads.downloader();
    TestProbe<Downloader.Event> probe = KIT.createTestProbe();
    downloader.tell(new Downloader.Fetch(spec, probe.ref()));
    long had = awaitBytes(probe, 500_000);

    KIT.stop(downloader);

    assertTrue(kept() >= had, "kept " + kept() + " of " + had);
  }

  /** What has come is not noted on the way, only at an orderly end. */
  private Downloads neverPersisted() {
    return downloads.with("persist-interval", "1h").with("persist-bytes", "1 TiB");
  }

  /** The bytes that the next attempt continues from. */
  private long kept() {
    BlobId id = new BlobId(hub.content(REPO, FILE).sha256());
    return PartFile.resumable(downloads.layout().blobs(REPO), new RemoteFile(FILE, SIZE, id));
  }

  @Test
  void goesOnForOthersWhenOneAbortsAndStopsWithTheLast() throws Exception {
    hub.cdnBehaves(_ -> Fault.of(Fault.Kind.SLOW, 3_000_000));
    ModelSpec spec = downloads.pinned(REPO, FILE);
    ActorRef<Downloader.Command> downloader = downloads.downloader();
    TestProbe<Downloader.Event> first = KIT.createTestProbe();
    TestProbe<Downloader.Event> second = KIT.createTestProbe();
    TestProbe<Downloader.Event> ends = KIT.createTestProbe();
    for (TestProbe<Downloader.Event> probe : List.of(first, second, ends)) {
      downloader.tell(new Downloader.Fetch(spec, probe.ref()));
    }
    awaitBytes(first, 200_000);

    downloader.tell(new Downloader.Abort(spec.reference(), first.ref()));
    ends.stop();

    assertEquals(FailureCode.CANCELLED, Downloads.await(first).failure().code());
    awaitBytes(second, 1_000_000);
    second.stop();
    first.awaitAssert(this::assertLockIsFree);
    assertTrue(downloads.cache().find(spec).isEmpty(), "nobody waited for the rest");
    KIT.stop(downloader);
  }

  /** Gives how many bytes there are then. */
  private static long awaitBytes(TestProbe<Downloader.Event> probe, long bytes) {
    long had = 0;
    while (had <= bytes) {
      had =
          probe
              .expectMessageClass(Downloader.Progressed.class, Duration.ofSeconds(30))
              .progress()
              .committedBytes();
    }
    return had;
  }

  /** A download holds the lock of its blob until it writes no more. */
  private Void assertLockIsFree() throws IOException {
    BlobId id = new BlobId(hub.content(REPO, FILE).sha256());
    Optional<FileLock> lock = FileLock.tryAcquire(downloads.layout().lock(REPO, id));
    assertTrue(lock.isPresent(), "the lock is held");
    lock.get().close();
    return null;
  }

  @Test
  void goesThroughAProxyThatWantsALogin() throws IOException {
    try (ConnectProxy proxy = ConnectProxy.start("ada", "pass word")) {
      downloads.env("HTTP_PROXY", "http://ada:pass%20word@127.0.0.1:" + proxy.port());
      downloads.fetch(downloads.pinned(REPO, FILE)).model();
      assertEquals(
          Set.of(hub.endpoint(), hub.cdn()),
          proxy.targets().stream().map(target -> "http://" + target).collect(Collectors.toSet()));

      Downloads stranger = new Downloads(KIT, hub, temp.resolve("other"));
      stranger.env("HTTP_PROXY", "http://eve:guess@127.0.0.1:" + proxy.port());
      String message = stranger.fetch(stranger.pinned(REPO, FILE)).offline().message();
      assertTrue(message.contains("through the proxy 127.0.0.1:" + proxy.port()), message);
    }
  }

  @Test
  void namesTheGgufSiblingOfARepositoryOfSafetensors() {
    Path any = temp.resolve("origin/" + FILE);
    hub.serve("acme/plain", "model.safetensors", any).serve("acme/plain-GGUF", FILE, any);
    hub.serve("acme/alone", "model.safetensors", any);

    var known = downloads.fetch(Downloads.listed("acme/plain", null)).failure();
    assertEquals(FailureCode.UNSUPPORTED_MODEL, known.code());
    assertEquals("Use its GGUF sibling: hf:acme/plain-GGUF", known.hint().orElse(null));
    var unknown = downloads.fetch(Downloads.listed("acme/alone", null)).failure();
    assertTrue(unknown.message().contains("safetensors"), unknown.message());
  }

  @Test
  void saysInWordsWhyTheHubRefuses() {
    hub.gate(REPO);
    assertEquals(
        FailureCode.HUB_GATED, downloads.fetch(downloads.pinned(REPO, FILE)).failure().code());
    assertEquals(
        FailureCode.HUB_NOT_FOUND,
        downloads.fetch(Downloads.listed("acme/absent", null)).failure().code());
    assertEquals(
        FailureCode.HUB_NOT_FOUND,
        downloads.fetch(Downloads.spec(REPO, "v9", null, java.util.List.of())).failure().code());
    hub.accept("hf_good");
    downloads.env("HF_TOKEN", "hf_bad");
    assertEquals(
        FailureCode.HUB_UNAUTHORIZED,
        downloads.fetch(Downloads.listed(REPO, null)).failure().code());
  }

  @Test
  void refusesAFileThatIsAnotherThanTheCatalogueSays() {
    hub.fail(LoopbackHub.Place.RESOLVE, Fault.of(Fault.Kind.WRONG_ETAG, 0));
    var failure = downloads.fetch(downloads.pinned(REPO, FILE)).failure();
    assertEquals(FailureCode.CHECKSUM_MISMATCH, failure.code());
    assertEquals(0, hub.bodyBytes());
  }

  @Test
  void usesSeveralConnectionsWhereEachIsLimited() throws IOException {
    downloads.with("parallel-from", "1 MiB").with("piece", "128 KiB");
    hub.slowNetwork(Duration.ofMillis(20), 1_000_000);
    LocalModel model = downloads.fetch(downloads.pinned(REPO, FILE)).model();
    assertSame(hub.content(REPO, FILE), model.files().getFirst());
    assertTrue(
        hub.bodyBytes() < SIZE + (1 << 20), "what a connection shares is on its way twice at most");
    assertTrue(hub.mostConnections() > 2, hub.mostConnections() + " connections");
  }

  @Test
  void sharesThePieceOfASlowConnectionWhenOthersAreFree() throws IOException {
    long piece = 1 << 20;
    downloads.with("parallel-from", "1 MiB").with("piece", "1 MiB");
    hub.cdnBehaves(
        request ->
            Fault.of(
                Fault.Kind.SLOW,
                request.header("range").startsWith("bytes=0-") ? 60_000 : 4_000_000));

    LocalModel model = downloads.fetch(downloads.pinned(REPO, FILE)).model();

    assertSame(hub.content(REPO, FILE), model.files().getFirst());
    assertTrue(
        hub.requestsTo(LoopbackHub.Place.CDN).stream()
            .mapToLong(request -> begin(request.headers().get("range")))
            .anyMatch(from -> from > 0 && from < piece),
        "nobody took over a part of the first piece");
  }

  private static long begin(String range) {
    return Long.parseLong(range.replaceAll("bytes=(\\d+)-.*", "$1"));
  }

  @Test
  void neverShowsTheTokenToTheCdn() {
    hub.accept("hf_secret");
    downloads.env("HF_TOKEN", "hf_secret").fetch(Downloads.listed(REPO, null)).model();

    for (LoopbackHub.Seen request : hub.requests()) {
      assertEquals(
          request.host().equals("127.0.0.1"),
          request.headers().containsKey("authorization"),
          request.toString());
    }
    assertFalse(hub.requestsTo(LoopbackHub.Place.CDN).isEmpty());
  }

  static void assertSame(Content expected, Path actual) throws IOException {
    assertEquals(-1, Files.mismatch(expected.file(), actual));
  }
}
