package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.download.Fault.Kind;
import dev.finch.download.LoopbackHub.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each thing that goes wrong once, over one connection and in pieces: the right file comes anyway.
 */
final class FaultTableIT {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final int SIZE = 4_000_000;
  private static final int PIECES = 4;
  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private static Path origin;
  @TempDir private Path temp;

  @AfterAll
  static void stopActors() {
    KIT.shutdownTestKit();
  }

  static Stream<Arguments> table() {
    return Stream.of(true, false)
        .flatMap(
            pieces ->
                Stream.of(
                        List.of(Fault.of(Kind.FIN, 900_000)),
                        List.of(Fault.of(Kind.RST, 900_000)),
                        List.of(
                            Fault.of(Kind.RST, 700_000),
                            Fault.of(Kind.FIN, 700_000),
                            Fault.of(Kind.RST, 700_000)),
                        List.of(Fault.of(Kind.STALL, 900_000)),
                        List.of(Fault.of(Kind.SLOW, 20_000)),
                        List.of(Fault.of(Kind.LATE, 2_000)),
                        List.of(Fault.of(Kind.CORRUPT, 500_000)),
                        List.of(Fault.of(Kind.SHORT, 1000)),
                        List.of(Fault.of(Kind.IGNORE_RANGE, 0)),
                        List.of(Fault.of(Kind.WRONG_RANGE, 100)),
                        List.of(Fault.of(Kind.CHUNKED, 0)),
                        List.of(Fault.of(Kind.NO_LENGTH, 0)),
                        List.of(Fault.of(Kind.GZIP, 0)),
                        List.of(Fault.of(Kind.HTML, 0)),
                        List.of(Fault.status(403)),
                        List.of(Fault.status(404)),
                        List.of(Fault.status(416, "Content-Range", "bytes */" + SIZE)),
                        List.of(Fault.status(429, "Retry-After", "1")),
                        List.of(Fault.status(500)),
                        List.of(Fault.status(503)))
                    .map(faults -> Arguments.of(pieces, faults)));
  }

  @ParameterizedTest(name = "pieces {0}: {1}")
  @MethodSource("table")
  void theRightFileComesAnyway(boolean pieces, List<Fault> faults) throws IOException {
    Path file = origin.resolve(FILE);
    if (!Files.exists(file)) {
      Content.random(file, SIZE, 1);
    }
    try (LoopbackHub hub = LoopbackHub.start().serve(REPO, FILE, file)) {
      Downloads downloads =
          new Downloads(KIT, hub, temp.resolve("hub"))
              .with("request-timeout", "1s")
              .with("stall-timeout", "400ms")
              .with("minimum-rate", "200 kB")
              .with("minimum-rate-window", "500ms")
              .with("piece", "1 MiB")
              .with("parallel-from", pieces ? "1 MiB" : "1 GiB");
      hub.fail(Place.CDN, faults.toArray(Fault[]::new));

      Path got = downloads.fetch(downloads.pinned(REPO, FILE)).model().files().getFirst();

      assertEquals(-1, Files.mismatch(file, got));
      long twice = faults.stream().anyMatch(FaultTableIT::spoilsAll) ? SIZE : 0;
      // Each that was cut, by the fault or by a machine too busy to read, leaves bytes on the way.
      int asked = hub.requestsTo(Place.CDN).size();
      int cut = Math.max(faults.size(), asked - (pieces ? PIECES : 1));
      assertTrue(
          hub.bodyBytes() <= SIZE + twice + cut * (2L << 20),
          () -> hub.bodyBytes() + " bytes were sent, in reply to " + asked + " requests");
    }
  }

  private static boolean spoilsAll(Fault fault) {
    return switch (fault.kind()) {
      case CORRUPT, SHORT, GZIP, IGNORE_RANGE -> true;
      default -> false;
    };
  }
}
