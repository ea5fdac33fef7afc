package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private static final ModelSpec MODEL =
      new ModelSpec(
          ModelReference.parse("qwen2.5-3b"), "Qwen2.5-3B", new ModelSpec.Origin.BuiltIn(), null);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StandardStream err = StandardStream.over(bytes, true);
  private long now;

  @Test
  void saysNothingAboutAWaitTooShortToWonder() {
    ProgressLine line = new ProgressLine(options(),err, true, 80, () -> now);
    line.show(downloading(10));
    assertEquals("", text());
  }

  @Test
  void paintsOverItselfInATerminalAndMakesRoomForTheAnswer() {
    ProgressLine line = new ProgressLine(options(),err, true, 80, () -> now);
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
    ProgressLine line = new ProgressLine(options(),err, true, 20, () -> now);
    now = 1_000_000_000;
    line.show(downloading(10));
    assertEquals("\r\u001b[KDownloading Qwen2.…", text());
  }

  @Test
  void writesALinePerTenthIntoALog() {
    ProgressLine line = new ProgressLine(options(),err, false, 80, () -> now);
    now = 1_000_000_000;
    for (int percent = 0; percent < 100; percent++) {
      line.show(downloading(percent));
    }
    assertEquals(10, text().lines().count());
    assertFalse(text().contains("\u001b"));
  }

  private static RuntimeState downloading(long percent) {
    return new RuntimeState(
        null,
        new ModelState.Downloading(
            MODEL,
            new DownloadProgress(
                DownloadProgress.Phase.DOWNLOADING,
                percent * 20_000_000,
                2_000_000_000,
                18_000_000,
                Duration.ofMinutes(1))));
  }

  private static AskOptions options(String... arguments) {
    return AskArguments.parse(List.of(arguments));
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
