package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.finch.model.LocalModel;
import dev.finch.model.ModelSpec;
import dev.finch.platform.FileLock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelCacheTest {

  private static final String REPO = "acme/split-gguf";
  private static final String ONE = "sub dir/big-q4_k_m-00001-of-00002.gguf";
  private static final String TWO = "sub dir/big-q4_k_m-00002-of-00002.gguf";
  private static final String SMALL = "#small é-q8_0.gguf";
  private static final long SIZE = 200_000;

  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private Path temp;
  private LoopbackHub hub;
  private Downloads downloads;
  private ModelCache cache;

  @BeforeEach
  void serveASplitModel() {
    hub = LoopbackHub.start().pageSize(1);
    hub.serve(REPO, ONE, Content.random(temp.resolve("1"), SIZE, 1));
    hub.serve(REPO, TWO, Content.random(temp.resolve("2"), SIZE, 2));
    hub.serve(REPO, SMALL, Content.random(temp.resolve("3"), 500, 3));
    hub.serve(REPO, "README.md", Content.random(temp.resolve("4"), 50, 4));
    downloads = new Downloads(KIT, hub, temp.resolve("hub"));
    cache = downloads.cache();
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
  void fetchesExactlyOneCoherentSetInOrder() throws IOException {
    LocalModel model = downloads.fetch(Downloads.listed(REPO, "q4_k_m")).model();

    assertEquals(2, model.files().size());
    assertEquals(-1, Files.mismatch(temp.resolve("1"), model.files().get(0)));
    assertEquals(-1, Files.mismatch(temp.resolve("2"), model.files().get(1)));
    assertEquals(
        Path.of("../../../blobs/" + hub.content(REPO, ONE).sha256()),
        Files.readSymbolicLink(model.files().get(0)));
    assertEquals(2 * SIZE, hub.bodyBytes());
  }

  @Test
  void fetchesAFileOfGitItselfWithAnAwkwardName() throws IOException {
    LocalModel model = downloads.fetch(Downloads.listed(REPO, "q8_0")).model();

    assertEquals(-1, Files.mismatch(temp.resolve("3"), model.files().getFirst()));
    assertEquals(
        hub.content(REPO, SMALL).sha1(),
        Files.readSymbolicLink(model.files().getFirst()).getFileName().toString());
  }

  @Test
  void findsAndRepairsADamagedFileOfTheRightSize() throws IOException {
    ModelSpec spec = downloads.pinned(REPO, ONE, TWO);
    LocalModel model = downloads.fetch(spec).model();
    flip(model.files().get(1));
    assertFalse(cache.list().getFirst().verified(), "it changed since it was verified");

    AtomicLong read = new AtomicLong();
    List<FileCheck> checks = cache.verify(model, read::addAndGet);
    assertEquals(2 * SIZE, read.get());
    assertEquals(FileCheck.Verdict.GOOD, checks.get(0).verdict());
    assertEquals(FileCheck.Verdict.DAMAGED, checks.get(1).verdict());
    assertEquals(hub.content(REPO, TWO).sha256(), checks.get(1).expected());

    cache.discard(checks.get(1));
    assertTrue(cache.find(spec).isEmpty());
    hub.forget();
    downloads.fetch(spec).model();
    assertEquals(SIZE, hub.bodyBytes());
    assertEquals(-1, Files.mismatch(temp.resolve("2"), model.files().get(1)));
  }

  @Test
  void replacesABlobOfTheWrongSize() throws IOException {
    Path blobs = downloads.layout().blobs(REPO);
    Files.createDirectories(blobs);
    Files.write(blobs.resolve(hub.content(REPO, ONE).sha256()), new byte[1000]);

    LocalModel model = downloads.fetch(downloads.pinned(REPO, ONE, TWO)).model();
    assertEquals(-1, Files.mismatch(temp.resolve("1"), model.files().getFirst()));
  }

  @Test
  void showsABlobOfTheSharedStoreWithoutFetchingIt() throws IOException {
    Path shared = temp.resolve("hub/blobs/ab/" + "ab".repeat(32));
    Files.createDirectories(shared.getParent());
    Files.copy(temp.resolve("1"), shared);
    Path blobs = downloads.layout().blobs(REPO);
    Files.createDirectories(blobs);
    Files.createSymbolicLink(
        blobs.resolve(hub.content(REPO, ONE).sha256()),
        Path.of("../../blobs/ab/" + "ab".repeat(32)));

    ModelSpec spec = downloads.pinned(REPO, ONE, TWO);
    LocalModel model = downloads.fetch(spec).model();

    assertEquals(SIZE, hub.bodyBytes());
    assertEquals(shared.toRealPath(), model.files().getFirst().toRealPath());
    assertEquals(SIZE, cache.remove(spec));
    assertTrue(Files.exists(shared), "the store is not ours");
  }

  @Test
  void removesOnlyBlobsThatNothingElseShows() throws IOException {
    ModelSpec spec = downloads.pinned(REPO, ONE, TWO);
    LocalModel model = downloads.fetch(spec).model();
    Path other = downloads.layout().snapshotFile(REPO, "f".repeat(40), "other.gguf");
    Files.createDirectories(other.getParent());
    Files.createSymbolicLink(other, Path.of("../../blobs/" + hub.content(REPO, ONE).sha256()));

    assertEquals(SIZE, cache.remove(spec));
    assertEquals(-1, Files.mismatch(temp.resolve("1"), other));
    assertFalse(Files.exists(model.files().getFirst()));
  }

  @Test
  void prunesOurStalePartsAndNothingElse() throws IOException {
    Path blobs = downloads.layout().blobs(REPO);
    Files.createDirectories(blobs);
    String stale = hub.content(REPO, ONE).sha256();
    String busy = hub.content(REPO, TWO).sha256();
    for (String name :
        new String[] {
          stale + CacheLayout.PART,
          busy + CacheLayout.PART,
          stale + ".incomplete",
          stale + ".1234abcd.incomplete",
          stale + ".downloadInProgress"
        }) {
      Files.write(blobs.resolve(name), new byte[10]);
    }
    Path lock = downloads.layout().lock(REPO, new BlobId(busy));
    Files.createDirectories(lock.getParent());

    assertEquals(0, cache.prune(Duration.ofDays(1)));
    try (FileLock held = FileLock.tryAcquire(lock).orElseThrow()) {
      assertEquals(10, cache.prune(Duration.ZERO), held.toString());
    }
    assertEquals(4, CacheLayout.children(blobs).size());
  }

  @Test
  void neverFollowsAPathOutOfTheSnapshot() {
    CacheLayout layout = downloads.layout();
    for (String path : new String[] {"../../evil.gguf", "/etc/passwd", ".", "a/../../b"}) {
      org.junit.jupiter.api.Assertions.assertThrows(
          IOException.class, () -> layout.snapshotFile(REPO, "f".repeat(40), path), path);
    }
  }

  @Test
  void servesFromACacheThatCannotBeWritten() throws Exception {
    downloads.fetch(Downloads.listed(REPO, "q4_k_m")).model();
    Path readOnly = temp.resolve("read-only");
    Files.createDirectories(readOnly);
    boolean mounted =
        new ProcessBuilder(
                    "mount",
                    "--bind",
                    "-o",
                    "ro",
                    temp.resolve("hub").toString(),
                    readOnly.toString())
                .start()
                .waitFor()
            == 0;
    if (!mounted) {
      System.err.println("SKIPPED: a read-only cache needs the right to mount");
    }
    assumeTrue(mounted, "mounting needs root");
    try {
      Downloads reader = new Downloads(KIT, hub, readOnly);
      hub.forget();
      reader.fetch(Downloads.listed(REPO, "q4_k_m")).model();
      reader.fetch(reader.pinned(REPO, ONE, TWO)).model();
      assertEquals(0, hub.bodyBytes());
    } finally {
      new ProcessBuilder("umount", "-l", readOnly.toString()).start().waitFor();
    }
  }

  private static void flip(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toRealPath().toFile(), "rw")) {
      bytes.seek(SIZE / 2);
      int old = bytes.read();
      bytes.seek(SIZE / 2);
      bytes.write(~old);
    }
    Files.setLastModifiedTime(
        file, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5000));
  }
}
