package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that stand for pipes, terminals and devices hold nothing up that cannot be given up. */
@Timeout(180)
final class NamedPipesIT {

  private static final String WAITING = "waiting for what is written to ";

  @TempDir private Path directory;
  private Distribution finch;
  private Path fifo;

  @BeforeEach
  void makeAPipe() throws Exception {
    finch = new Distribution(Distribution.assembled(), directory);
    fifo = directory.resolve("q");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
  }

  @Test
  void ctrlCGivesUpLoadingFromAPipeAndKeepsTheConversation() throws Exception {
    Path talk = directory.resolve("talk.json");
    try (PtyProcess repl = repl("xterm-256color")) {
      repl.await("\u001b[?2004h");
      repl.type("Hello\r");
      repl.await("first token");
      for (int round = 0; round < 2; round++) {
        repl.type("/load " + fifo + "\r");
        repl.await(WAITING + fifo);
        repl.type("\u0003");
        repl.await("(cancelled)");
      }
      repl.type("/save " + talk + "\r");
      repl.await("Saved 2 messages");

      repl.type("/clear\r");
      repl.await("Forgotten.");
      repl.type("/load " + fifo + "\r");
      repl.await(WAITING + fifo);
      Files.write(fifo, Files.readAllBytes(talk), StandardOpenOption.WRITE);
      repl.await("Loaded 2 messages.");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void refusesTerminalsAndDevicesAndSavesToNoPipe() throws Exception {
    try (PtyProcess repl = repl("xterm-256color")) {
      repl.await("\u001b[?2004h");
      repl.type("/load /dev/tty\r");
      repl.await("/dev/tty is a terminal or another device");
      repl.type("/load /dev/stdin\r");
      repl.await("/dev/stdin is a terminal or another device");
      repl.type("/load /dev/zero\r");
      repl.await("/dev/zero is a terminal or another device");
      repl.type("/save /dev/tty\r");
      repl.await("/dev/tty is a terminal or another device");
      repl.type("/save " + fifo + "\r");
      repl.await(fifo + " is a pipe");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void givesUpOnATerminalThatCanDoNothing() throws Exception {
    try (PtyProcess repl = repl("dumb")) {
      repl.await(">>> ");
      repl.type("/load " + fifo + "\n");
      repl.await(WAITING + fifo);
      repl.type("\u0003");
      repl.await("(cancelled)");
      repl.type("/quit\n");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void refusesSettingsThatAreNoFileAndASchemaThatIsADevice() throws Exception {
    Distribution.Result schema =
        finch.run("--model", "builtin", "--schema", "/dev/zero", "Name a bird");
    assertEquals(ExitCode.USAGE, schema.code(), schema.err());
    assertTrue(schema.err().contains("--schema: /dev/zero is a terminal or another"), schema.err());
    Distribution.Result file = finch.run("--model", "builtin", "-f", "/dev/zero");
    assertEquals(ExitCode.USAGE, file.code(), file.err());

    Files.createDirectories(finch.config().getParent());
    Files.createSymbolicLink(finch.config(), fifo);
    Distribution.Result settings = finch.run("config");
    assertEquals(ExitCode.USAGE, settings.code(), settings.err());
    assertTrue(settings.err().contains("application.conf is a pipe"), settings.err());
  }

  private PtyProcess repl(String terminal) throws IOException {
    ProcessBuilder builder = finch.process();
    builder.environment().put("FINCH_MODEL", "builtin");
    builder.environment().put("TERM", terminal);
    return PtyProcess.start(builder, 120, 30);
  }
}
