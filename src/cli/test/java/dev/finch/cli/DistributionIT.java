package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assembled distribution as scripts and people without a terminal use it. */
class DistributionIT {

  @TempDir Path directory;
  private Distribution finch;

  @BeforeEach
  void locate() {
    finch = new Distribution(Distribution.assembled(), directory);
  }

  @Test
  void answersOnStdoutAndSaysTheRestOnStderr() throws Exception {
    Distribution.Result result = offline("What is the capital of France?");
    assertEquals(ExitCode.OK, result.code(), result.err());
    assertTrue(result.out().contains("Paris"), result.out());
    assertTrue(result.err().contains("demonstration model"), result.err());
    assertTrue(result.err().contains("finch --wait"), result.err());
  }

  @Test
  void givesTheSameBytesForTheSameSeed() throws Exception {
    String[] question = {"--model", "random:small", "--seed", "7", "--max-tokens", "24", "x"};
    Distribution.Result first = finch.run(question);
    assertEquals(ExitCode.OK, first.code(), first.err());
    assertFalse(first.out().isBlank());
    assertEquals(first.out(), finch.run(question).out());
  }

  @Test
  void generatesNoLambdaOfItsOwnOrOfPekkoWhenItStarts() throws Exception {
    Path log = directory.resolve("classes.log");
    ProcessBuilder builder = finch.process("--model", "builtin", "Hi");
    builder.environment().put("FINCH_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    Distribution.Result result = Distribution.run(builder, "");
    assertEquals(ExitCode.OK, result.code(), result.err());
    List<String> loaded = Files.readAllLines(log);
    assertTrue(loaded.stream().anyMatch(line -> line.contains("Supervisor$$Plain")));
    List<String> generated =
        loaded.stream()
            .filter(
                line ->
                    line.matches(".*(dev\\.finch|org\\.apache\\.pekko)\\S+(Lambda|TypeSwitch)/.*"))
            .toList();
    assertEquals(List.of(), generated);
  }

  @Test
  void saysWhyNothingCanAnswer() throws Exception {
    Distribution.Result result = offline("--json", "Hi");
    assertEquals(ExitCode.NOTHING_CAN_ANSWER, result.code(), result.err());
    assertTrue(result.out().contains("\"code\":\"nothing_can_answer\""), result.out());
  }

  @Test
  void refusesAModelThatIsNotThereWithoutAStackTrace() throws Exception {
    Distribution.Result result = offline("--model", "qwen2.5-1.6b", "Hi");
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertTrue(result.err().contains("qwen2.5-1.5b"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }

  @Test
  void namesAMisspeltSetting() throws Exception {
    Files.createDirectories(finch.config().getParent());
    Files.writeString(finch.config(), "finch.modell = auto\n");
    Distribution.Result result = finch.run("Hi");
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertTrue(result.err().contains("finch.modell"), result.err());
  }

  @Test
  void runsFromAReadOnlyPlaceWithSpacesWithoutHomeTerminalOrUtf8Locale() throws Exception {
    Path home = directory.resolve("a place with spaces");
    copy(Distribution.assembled(), home);
    Process readOnly = new ProcessBuilder("chmod", "-R", "a-w", home.toString()).start();
    assertTrue(readOnly.waitFor(60, TimeUnit.SECONDS));
    ProcessBuilder builder =
        new ProcessBuilder(
            home.resolve("bin").resolve("finch").toString(), "--model", "builtin", "Où est Paris?");
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("FINCH_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("FINCH_CLASS_ARCHIVE", "off");
    Distribution.Result result = Distribution.run(builder, "");
    assertEquals(ExitCode.OK, result.code(), result.err());
    assertFalse(result.out().isBlank());
    Process writable = new ProcessBuilder("chmod", "-R", "u+w", home.toString()).start();
    assertTrue(writable.waitFor(60, TimeUnit.SECONDS));
  }

  @Test
  void runsOnItsOwnRuntimeWhereThereIsNoJdk() throws Exception {
    Distribution image =
        new Distribution(Path.of("target", "finch-image").toAbsolutePath(), directory);
    ProcessBuilder builder = image.process("--model", "builtin", "What is the capital of France?");
    builder.environment().keySet().removeIf(name -> name.contains("JAVA"));
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("FINCH_CLASS_ARCHIVE", "on");
    Distribution.Result result = Distribution.run(builder, "");
    assertEquals(ExitCode.OK, result.code(), result.err());
    assertTrue(result.out().contains("Paris"), result.out());
    ProcessBuilder doctor = image.process("doctor", "--offline");
    doctor.environment().keySet().removeIf(name -> name.contains("JAVA"));
    Distribution.Result checked = Distribution.run(doctor, "");
    assertEquals(ExitCode.OK, checked.code(), checked.out());
  }

  @Test
  void checksTheAddressesAndTheCacheThatTheSettingsName() throws Exception {
    try (LoopbackWorld world = new LoopbackWorld(directory)) {
      Path cache = directory.resolve("models of mine");
      Files.createDirectories(world.finch.config().getParent());
      Files.writeString(
          world.finch.config(),
          """
          finch.download { endpoint = "%s", cache = "%s" }
          finch.cloud.endpoint = "%s"
          """
              .formatted(world.hub.endpoint(), cache, world.claude.url()));
      ProcessBuilder builder = world.finch.process("doctor");
      builder.environment().put("HTTPS_PROXY", "http://127.0.0.1:9");
      Distribution.Result result = Distribution.run(builder, "");
      assertEquals(ExitCode.OK, result.code(), result.out());
      assertTrue(result.out().contains(cache.toString()), result.out());
      assertTrue(result.out().contains(world.hub.endpoint() + "/ answers ("), result.out());
      assertTrue(result.out().contains(world.claude.url() + " answers ("), result.out());
    }
  }

  @Test
  void checksTheWayThroughAProxy() throws Exception {
    ProcessBuilder builder =
        new Distribution(Distribution.assembled(), directory).process("doctor");
    builder.environment().put("HTTPS_PROXY", "http://127.0.0.1:9");
    Distribution.Result result = Distribution.run(builder, "");
    assertEquals(ExitCode.OK, result.code(), result.out());
    assertTrue(
        result
            .out()
            .contains("https://api.anthropic.com through the proxy 127.0.0.1 is not reachable"),
        result.out());
  }

  @Test
  void usesItsClassArchivesAlsoWhereItWasMoved() throws Exception {
    Path moved = directory.resolve("moved");
    Process copy =
        new ProcessBuilder("cp", "-a", Distribution.assembled().toString(), moved.toString())
            .start();
    assertTrue(copy.waitFor(60, TimeUnit.SECONDS));
    Path log = directory.resolve("classes.log");
    ProcessBuilder builder =
        new Distribution(moved, directory).process("--model", "builtin", "Hello");
    builder.environment().put("FINCH_CLASS_ARCHIVE", "on");
    builder.environment().put("FINCH_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    Distribution.Result result = Distribution.run(builder, "");
    assertEquals(ExitCode.OK, result.code(), result.err());
    String loaded = Files.readString(log);
    assertTrue(loaded.contains("dev.finch.cli.command.OneShot source: shared objects file (top)"));
  }

  @Test
  void makesArchivesOfItsOwnWhereTheDistributionHasNone() throws Exception {
    Path bare = directory.resolve("bare");
    copy(Distribution.assembled(), bare);
    Distribution other = new Distribution(bare, directory);
    ProcessBuilder builder = other.process("--model", "builtin", "Hello");
    builder.environment().put("FINCH_CLASS_ARCHIVE", "on");
    assertEquals(ExitCode.OK, Distribution.run(builder, "").code());
    Path stamp =
        directory
            .resolve("cache/finch/archive")
            .resolve(bare.getRoot().relativize(bare))
            .resolve(System.getProperty("java.runtime.version"))
            .resolve("stamp");
    awaitFile(stamp);
    Path log = directory.resolve("classes.log");
    builder.environment().put("FINCH_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    assertEquals(ExitCode.OK, Distribution.run(builder, "").code());
    String loaded = Files.readString(log);
    assertTrue(loaded.contains("dev.finch.cli.command.OneShot source: shared objects file (top)"));
  }

  private static void awaitFile(Path file) throws Exception {
    try (WatchService watch = file.getFileSystem().newWatchService()) {
      Path directory = file.getParent();
      while (!Files.isDirectory(directory)) {
        directory = directory.getParent();
      }
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (!Files.exists(file) && System.nanoTime() < deadline) {
        WatchKey key = watch.poll(1, TimeUnit.SECONDS);
        if (key != null) {
          key.reset();
        }
      }
      assertTrue(Files.exists(file), file + " was not made");
    }
  }

  @Test
  void saysWhatIsWrongWithACacheThatCannotBeWritten() throws Exception {
    ProcessBuilder builder = finch.process("--model", "builtin", "Hello");
    builder.environment().put("XDG_CACHE_HOME", "/dev/null/nowhere");
    Distribution.Result result = Distribution.run(builder, "");
    assertTrue(result.err().contains("/dev/null/nowhere"), result.err());
    assertTrue(result.err().contains("finch.directories.cache"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }

  @Test
  void outlivesAClosedStdinAndAReaderThatGoesAway() throws Exception {
    String launcher = "'" + finch.launcher() + "'";
    Distribution.Result closed = shell(launcher + " --model builtin 'Hello' <&-");
    assertEquals(ExitCode.OK, closed.code(), closed.err());
    Distribution.Result piped = shell("echo Hello | " + launcher + " --model builtin | head -c 1");
    assertEquals(ExitCode.OK, piped.code(), piped.err());
    assertEquals(1, piped.out().length());
    assertFalse(piped.err().contains("Exception"), piped.err());
  }

  @Test
  void saysWhereItLookedForAJdk() throws Exception {
    ProcessBuilder builder = finch.process("Hi");
    builder.environment().put("FINCH_JAVA_HOME", directory.toString());
    Distribution.Result result = Distribution.run(builder, "");
    assertEquals(1, result.code());
    assertTrue(result.err().contains("is not a JDK 25 or newer"), result.err());
  }

  private Distribution.Result offline(String... arguments) throws Exception {
    ProcessBuilder builder = finch.process(arguments);
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:9");
    return Distribution.run(builder, "");
  }

  private Distribution.Result shell(String command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(List.of("sh", "-c", command));
    finch.isolate(builder.environment());
    return Distribution.run(builder, "");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
