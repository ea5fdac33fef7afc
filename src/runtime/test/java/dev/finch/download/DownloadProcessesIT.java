package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.download.Fault.Kind;
import dev.finch.model.ModelFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several real processes on one cache, and processes that die without notice. */
final class DownloadProcessesIT {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final long SIZE = 60_000_000;
  private static final int ROUNDS = 10;
  private static final int SOAK_ROUNDS = 200;

  /** One persisted interval, what arrives while it is written, and the sockets' buffers. */
  private static final long LOST = 28L << 20;

  @TempDir private Path temp;
  private LoopbackHub hub;
  private ModelFile file;

  @BeforeEach
  void serveOneModel() {
    hub = LoopbackHub.start();
    hub.serve(REPO, FILE, Content.random(temp.resolve("origin/" + FILE), SIZE, 1));
    file = Downloads.file(hub, REPO, FILE);
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @Test
  void continuesAfterEachSigkillAndPublishesOnlyTheWholeFile() throws Exception {
    killAndContinue(ROUNDS, 1);
  }

  @Test
  @Tag("soak")
  void continuesAfterTwoHundredSigkills() throws Exception {
    for (int set = 0; set < SOAK_ROUNDS / ROUNDS; set++) {
      killAndContinue(ROUNDS, set);
    }
  }

  private void killAndContinue(int rounds, int seed) throws Exception {
    Random random = new Random(seed);
    Path cache = temp.resolve("hub" + seed);
    hub.forget().cdnBehaves(_ -> Fault.of(Kind.SLOW, 12_000_000));
    long mostLost = 0;
    for (int round = 0; round < rounds; round++) {
      long before = hub.bodyBytes();
      long killAt = before + random.nextLong(SIZE / (rounds + 2L));
      Process process = PullProcess.start(hub, cache, REPO, file);
      while (hub.bodyBytes() <= killAt && process.isAlive()) {
        Thread.onSpinWait();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      assertTrue(process.isAlive(), "the download ended before it could be killed");
      process.destroyForcibly().waitFor();
      mostLost += LOST;
      assertNothingPublished(cache);
    }
    hub.cdnBehaves(_ -> Fault.NONE);
    Process last = PullProcess.start(hub, cache, REPO, file);
    assertEquals(0, last.waitFor());

    assertPublished(cache);
    assertTrue(hub.bodyBytes() <= SIZE + mostLost, hub.bodyBytes() + " bytes were sent");
    assertTrue(
        hub.requests().stream().anyMatch(request -> request.status() == 206), "never continued");
  }

  @Test
  @Tag("soak")
  void fetchesFiveGigabytesInSixtyFourMegabytesOfHeap() throws Exception {
    String name = "big-q8_0.gguf";
    Path big = temp.resolve("origin/" + name);
    try (RandomAccessFile sparse = new RandomAccessFile(big.toFile(), "rw")) {
      sparse.setLength(5_000_000_000L);
      sparse.seek(4_000_000_000L);
      sparse.write(1);
    }
    hub.serve(REPO, name, big);
    Path cache = temp.resolve("hub");
    Process process = PullProcess.start(hub, cache, REPO, Downloads.file(hub, REPO, name));

    assertEquals(0, process.waitFor());
    Path shown = new CacheLayout(cache).snapshot(REPO, hub.commit(REPO)).resolve(name);
    assertEquals(-1, Files.mismatch(big, shown));
  }

  @Test
  void losesNothingWhenItIsToldToEnd() throws Exception {
    Path cache = temp.resolve("told");
    hub.cdnBehaves(_ -> Fault.of(Kind.SLOW, 12_000_000));
    Process process =
        PullProcess.start(
            hub,
            cache,
            REPO,
            file,
            "-Dfinch.download.persist-interval=1h",
            "-Dfinch.download.persist-bytes=1TiB");
    while (hub.bodyBytes() < SIZE / 4 && process.isAlive()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
    process.destroy();
    process.waitFor();

    BlobId id = new BlobId(String.valueOf(file.sha256().orElse(null)));
    long kept =
        PartFile.resumable(new CacheLayout(cache).blobs(REPO), new RemoteFile(FILE, SIZE, id));
    assertTrue(kept > SIZE / 8, "kept " + kept + " of " + hub.bodyBytes());
  }

  @Test
  void twoProcessesTransferAModelOnce() throws Exception {
    Path cache = temp.resolve("shared");
    hub.cdnBehaves(_ -> Fault.of(Kind.SLOW, 20_000_000));
    Process one = PullProcess.start(hub, cache, REPO, file);
    Process two = PullProcess.start(hub, cache, REPO, file);

    assertEquals(0, one.waitFor());
    assertEquals(0, two.waitFor());
    assertEquals(SIZE, hub.bodyBytes());
    assertPublished(cache);
  }

  private void assertNothingPublished(Path cache) {
    CacheLayout layout = new CacheLayout(cache);
    assertFalse(
        Files.exists(layout.blob(REPO, new BlobId(String.valueOf(file.sha256().orElse(null))))));
    assertFalse(Files.exists(layout.snapshot(REPO, hub.commit(REPO)).resolve(FILE)));
  }

  private void assertPublished(Path cache) throws IOException {
    Path shown = new CacheLayout(cache).snapshot(REPO, hub.commit(REPO)).resolve(FILE);
    assertEquals(-1, Files.mismatch(hub.content(REPO, FILE).file(), shown));
  }
}
