package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.model.DownloadProgress;
import dev.finch.model.DownloadProgress.Phase;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
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
      assertTrue(one.phase() == Phase.RESOLVING || one.totalBytes() == SIZE);
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
