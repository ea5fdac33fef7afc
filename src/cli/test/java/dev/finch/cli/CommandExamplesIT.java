package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.command.Manual;
import dev.finch.cli.launch.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs what README and the man page tell people to type. */
class CommandExamplesIT {

  @TempDir static Path directory;
  private static LoopbackWorld world;

  @BeforeAll
  static void start() throws IOException {
    world = new LoopbackWorld(directory);
    world.catalogue("qwen2.5-0.5b", "qwen2.5-1.5b");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @TestFactory
  Stream<DynamicTest> commandsOfReadme() throws IOException {
    List<String> commands = new ArrayList<>();
    boolean shell = false;
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      if (line.startsWith("```")) {
        shell = line.equals("```sh");
      } else if (shell && line.startsWith("bin/finch")) {
        commands.add(line.replaceAll("\\s+#.*", "").replace("…", "Hello"));
      }
    }
    assertTrue(commands.size() > 10, commands.toString());
    return commands.stream().map(line -> example(line.replaceFirst("^bin/", "")));
  }

  @TestFactory
  Stream<DynamicTest> commandsOfTheManPage() {
    return Manual.EXAMPLES.stream().map(entry -> example(entry.term()));
  }

  private static DynamicTest example(String command) {
    return DynamicTest.dynamicTest(
        command,
        () -> {
          if (command.equals("finch")) {
            replAnswers();
          } else if (command.contains("finch serve")) {
            serves(command);
          } else {
            succeeds(command);
          }
        });
  }

  private static void succeeds(String command) throws Exception {
    Distribution.Result result = Distribution.run(shell(command), "");
    assertEquals(ExitCode.OK, result.code(), result.err());
    assertFalse(result.out().isBlank() && result.err().isBlank());
  }

  private static void replAnswers() throws Exception {
    ProcessBuilder builder = world.process();
    try (PtyProcess repl = PtyProcess.start(builder, 100, 30)) {
      repl.type("Hello\r");
      repl.await("tokens");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  private static void serves(String command) throws Exception {
    // The port of the example may be taken on the machine that tests. It replaces the shell, which
    // would end at once where the server still writes until it has stopped.
    ProcessBuilder builder = shell("exec " + command.replaceAll(" --port \\d+", "") + " --port 0");
    try (ServerProcess server = ServerProcess.start(builder)) {
      assertEquals("127.0.0.1", server.address().getHost());
      server.process().destroy();
      assertTrue(server.process().waitFor(60, TimeUnit.SECONDS));
    }
  }

  private static ProcessBuilder shell(String command) {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command);
    world.enter(builder.environment());
    Path bin = world.finch.launcher().getParent();
    builder.environment().merge("PATH", bin.toString(), (path, own) -> own + ":" + path);
    return builder;
  }
}
