package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.download.Fault.Kind;
import dev.finch.download.LoopbackHub.Place;
import dev.finch.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever goes wrong, in whatever order: a download ends, it ends well or with a failure that says
 * why, and no wrong byte is ever where a reader looks. A schedule that fails is named by its seed.
 */
final class RandomFaultsIT {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final int SIZE = 3_000_000;
  private static final int SCHEDULES = 40;
  private static final int SOAK_SCHEDULES = 2000;
  private static final Set<FailureCode> CLEAR =
      Set.of(
          FailureCode.HUB_PROTOCOL,
          FailureCode.HUB_UNREACHABLE,
          FailureCode.HUB_UNAUTHORIZED,
          FailureCode.HUB_NOT_FOUND,
          FailureCode.HUB_RATE_LIMITED,
          FailureCode.CHECKSUM_MISMATCH);

  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private Path temp;

  @AfterAll
  static void stopActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void neverPublishesAWrongByteAndAlwaysEnds() throws IOException {
    run(0, SCHEDULES);
  }

  @Test
  @Tag("soak")
  void neverPublishesAWrongByteInThousandsOfSchedules() throws IOException {
    run(SCHEDULES, SOAK_SCHEDULES);
  }

  private void run(int firstSeed, int count) throws IOException {
    Path origin = Content.random(temp.resolve("origin/" + FILE), SIZE, 1);
    int good = 0;
    for (int seed = firstSeed; seed < firstSeed + count; seed++) {
      good += run(origin, seed) ? 1 : 0;
    }
    assertTrue(good > count / 2, good + " of " + count + " came through");
  }

  private boolean run(Path origin, int seed) throws IOException {
    Random random = new Random(seed);
    Path cache = temp.resolve("hub" + seed);
    try (LoopbackHub hub = LoopbackHub.start().serve(REPO, FILE, origin)) {
      Downloads downloads =
          new Downloads(KIT, hub, cache)
              .with("stall-timeout", "300ms")
              .with("request-timeout", "500ms")
              .with("backoff.max", "10ms")
              .with("retries", "4")
              .with("persist-bytes", "64 KiB")
              .with("parallel-from", random.nextBoolean() ? "256 KiB" : "1 GiB")
              .with("piece", "256 KiB");
      for (int i = random.nextInt(8); i > 0; i--) {
        hub.fail(random.nextInt(5) == 0 ? Place.RESOLVE : Place.CDN, fault(random));
      }
      boolean again = random.nextBoolean();
      Downloads.Outcome outcome = downloads.fetch(downloads.pinned(REPO, FILE));
      if (again && !(outcome.last() instanceof Downloader.Completed)) {
        outcome = downloads.fetch(downloads.pinned(REPO, FILE));
      }
      return judge(outcome, downloads, origin, "seed " + seed);
    }
  }

  private static boolean judge(
      Downloads.Outcome outcome, Downloads downloads, Path origin, String schedule)
      throws IOException {
    Path blobs = downloads.layout().blobs(REPO);
    for (Path blob : CacheLayout.children(blobs)) {
      if (BlobId.parse(blob.getFileName().toString()) != null) {
        assertEquals(-1, Files.mismatch(origin, blob), schedule);
      }
    }
    return switch (outcome.last()) {
      case Downloader.Completed completed -> {
        assertEquals(-1, Files.mismatch(origin, completed.model().files().getFirst()), schedule);
        yield true;
      }
      case Downloader.Failed failed -> {
        assertTrue(CLEAR.contains(failed.failure().code()), schedule + ": " + failed.failure());
        yield false;
      }
      case Downloader.Offline offline -> {
        assertEquals(FailureCode.HUB_UNREACHABLE, offline.failure().code(), schedule);
        yield false;
      }
      case Downloader.Progressed _ -> throw new AssertionError(schedule);
    };
  }

  private static Fault fault(Random random) {
    List<Kind> kinds = List.of(Kind.values());
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    return switch (kind) {
      case STATUS ->
          Fault.status(
              List.of(401, 403, 404, 408, 410, 416, 429, 500, 502, 503).get(random.nextInt(10)));
      case SLOW -> Fault.of(kind, 2_000_000L + random.nextInt(8_000_000));
      case SHORT -> Fault.of(kind, 1 + random.nextInt(SIZE / 2));
      case LATE -> Fault.of(kind, random.nextInt(700));
      case WRONG_RANGE -> Fault.of(kind, 1 + random.nextInt(1000));
      default -> Fault.of(kind, random.nextInt(SIZE));
    };
  }
}
