package dev.finch.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.AskArguments;
import dev.finch.cli.launch.AskOptions;
import dev.finch.cli.terminal.StandardStream;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private static final ModelSpec MODEL =
      new ModelSpec(
          ModelReference.parse("qwen2.5-3b"),
          "Qwen2.5-3B",
          new ModelSpec.Origin.BuiltIn(),
          Optional.empty());

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StandardStream err = StandardStream.over(bytes, true);
  private long now;

  @Test
  void saysNothingAboutAWaitTooShortToWonder() {
    ProgressLine line = new ProgressLine(options(), err, true, 80, () -> now);
    line.show(downloading(10));
    assertEquals("", text());
  }

  @Test
  void paintsOverItselfInATerminalAndMakesRoomForTheAnswer() {
    ProgressLine line = new ProgressLine(options(), err, true, 80, () -> now);
    now = 1_000_000_000;
    line.show(downloading(10));
    line.show(downloading(45));
    line.hide();
    line.show(downloading(46));
    assertEquals(
        "\r\u001b[KDownloading Qwen2.5-3B 10 % (200 MB/2.0 GB) 18 MB/s, 1 min 0 s left"
            + "\r\u001b[KDownloading Qwen2.5-3B 45 % (900 MB/2.0 GB) 18 MB/s, 1 min 0 s left"
            + "\r\u001b[K",
        text().replace(".0 MB", " MB"));
  }

  @Test
  void cutsWhatIsWiderThanTheTerminal() {
    ProgressLine line = new ProgressLine(options(), err, true, 20, () -> now);
    now = 1_000_000_000;
    line.show(downloading(10));
    assertEquals("\r\u001b[KDownloading Qwen2.…", text());
  }

  @Test
  void writesALinePerTenthIntoALog() {
    ProgressLine line = new ProgressLine(options(), err, false, 80, () -> now);
    now = 1_000_000_000;
    for (int percent = 0; percent < 100; percent++) {
      line.show(downloading(percent));
    }
    assertEquals(10, text().lines().count());
    assertFalse(text().contains("\u001b"));
  }

  @Test
  void saysWhatHoldsADownloadUpInATerminalAndInALog() {
    for (boolean paints : new boolean[] {true, false}) {
      bytes.reset();
      now = 0;
      ProgressLine line = new ProgressLine(options(), err, paints, 80, () -> now);
      now = 1_000_000_000;
      line.show(downloading(10));
      for (int i = 0; i < 5; i++) {
        line.show(downloading(10, "Cannot reach the Hub."));
      }
      assertEquals(
          1,
          text()
              .lines()
              .filter(said -> said.endsWith("finch: Cannot reach the Hub. Trying again."))
              .count());
    }
  }

  /** The next that is heard may be that the download was given up. */
  @Test
  void saysWhatHeldADownloadUpFromItsBeginningOnceItIsTime() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    var out =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] some, int from, int length) {
            super.write(some, from, length);
            if (toString(StandardCharsets.UTF_8).contains("Hub. Trying again.\n")) {
              said.countDown();
            }
          }
        };
    StandardStream screen = StandardStream.over(out, true);
    ProgressLine line = new ProgressLine(options(), screen, false, 80, System::nanoTime);
    line.show(downloading(0, "Cannot reach the Hub."));
    assertTrue(said.await(20, TimeUnit.SECONDS), () -> out.toString(StandardCharsets.UTF_8));

    ProgressLine answered = new ProgressLine(options(), err, false, 80, System::nanoTime);
    answered.show(downloading(0, "Cannot reach the Hub."));
    answered.hide();
    assertEquals("", text());
  }

  @Test
  void whoWaitsWithoutAnEndLearnsWhatIsTriedAgain() {
    Failure refused = Failure.passing(FailureCode.HUB_UNREACHABLE, "Refused", "Look.");
    List<ModelState> failed =
        List.of(new ModelState.NotAvailable(refused), new ModelState.Failed("m", refused));
    for (ModelState state : failed) {
      assertTrue(told(state, "--wait").endsWith("Refused. Look. It is tried again.\n"));
      assertTrue(told(state, "--wait", "-m", "builtin").endsWith("It is tried again.\n"));
      assertEquals("", told(state, "-m", "builtin"));
    }
    Failure broken = Failure.permanent(FailureCode.MODEL_FILE_INVALID, "Broken.", null);
    assertEquals("finch: m failed: Broken.\n", told(new ModelState.Failed("m", broken)));
    assertEquals("", told(new ModelState.Failed("m", broken), "-m", "builtin"));
  }

  private String told(ModelState state, String... options) {
    bytes.reset();
    now = 0;
    ProgressLine line = new ProgressLine(options(options), err, false, 80, () -> now);
    now = 1_000_000_000;
    line.show(RuntimeState.of(null, state));
    return text();
  }

  private static RuntimeState downloading(long percent) {
    return downloading(percent, null);
  }

  private static RuntimeState downloading(long percent, @Nullable String trouble) {
    return RuntimeState.of(
        null,
        new ModelState.Downloading(
            MODEL,
            DownloadProgress.of(
                    DownloadProgress.Phase.DOWNLOADING,
                    percent * 20_000_000,
                    2_000_000_000,
                    18_000_000,
                    Duration.ofMinutes(1))
                .heldUpBy(trouble)));
  }

  private static AskOptions options(String... arguments) {
    return AskArguments.parse(List.of(arguments));
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
