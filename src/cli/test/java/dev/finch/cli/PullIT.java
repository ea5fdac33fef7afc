package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import dev.finch.download.LoopbackHub;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code finch pull} as a process. */
final class PullIT {

  private static final String MODEL = "hf:acme/tiny-GGUF";
  private static final Pattern COMMITTED = Pattern.compile("\"committed_bytes\":(\\d+)");

  @TempDir private Path directory;
  private final LoopbackHub hub = LoopbackHub.start();
  private long size;

  @BeforeEach
  void serveTheModel() throws IOException {
    Path file = directory.resolve("tiny-q8_0.gguf");
    try (InputStream model =
        PullIT.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      size = Files.copy(model, file);
    }
    hub.serve("acme/tiny-GGUF", "tiny-q8_0.gguf", file);
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void afterASignalItSaysThatItCanGoOnAndTheNextPullDoesWithoutALoss(String signal, int code)
      throws Exception {
    neverPersistOnTheWay();
    hub.slowNetwork(Duration.ZERO, 150_000);
    long had = 0;
    Process pull = pull();
    try (BufferedReader steps = pull.inputReader(StandardCharsets.UTF_8)) {
      String line = steps.readLine();
      while (line != null && had < 400_000) {
        had = Math.max(had, committed(line));
        line = steps.readLine();
      }
      assertTrue(line != null && pull.isAlive(), "it ended too soon");
      new ProcessBuilder("kill", "-" + signal, String.valueOf(pull.pid())).start().waitFor();

      assertTrue(pull.waitFor(20, TimeUnit.SECONDS));
      assertEquals(code, pull.exitValue());
      String said = new String(pull.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.contains("what has come is kept"), said);
    } finally {
      pull.destroyForcibly();
    }

    hub.slowNetwork(Duration.ZERO, 0).forget();
    Process again = pull();
    String steps = new String(again.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(ExitCode.OK, again.waitFor(), steps);
    assertTrue(steps.contains("\"phase\":\"done\""), steps);
    assertTrue(hub.bodyBytes() <= size - had, hub.bodyBytes() + " came again");
  }

  private static long committed(String step) {
    Matcher bytes = COMMITTED.matcher(step);
    return bytes.find() ? Long.parseLong(bytes.group(1)) : 0;
  }

  /** So that only an orderly end notes what has come. */
  private void neverPersistOnTheWay() throws IOException {
    Path settings = directory.resolve("config/finch/application.conf");
    Files.createDirectories(settings.getParent());
    Files.writeString(
        settings, "finch.download { persist-interval = 1h, persist-bytes = 1 TiB }\n");
  }

  private Process pull() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("pull", MODEL, "--json"));
    ProcessBuilder builder = new ProcessBuilder(Foreground.command(command));
    builder.environment().put("HF_ENDPOINT", hub.endpoint());
    builder.environment().put("HF_HUB_CACHE", directory.resolve("hub").toString());
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    builder.environment().put("XDG_CONFIG_HOME", directory.resolve("config").toString());
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    return builder.start();
  }
}
