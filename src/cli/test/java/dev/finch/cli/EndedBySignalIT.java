package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.Transcripts;
import dev.finch.cli.launch.ExitCode;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever is told to end settles what was sent to Claude first, and says with which signal. */
final class EndedBySignalIT {

  /** Less than Finch would wait for an answer that does not end. */
  private static final int PROMPTLY_SECONDS = 8;

  @TempDir private Path directory;
  private LoopbackWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackWorld(directory);
    world.claude.answerAlways(
        ClaudeScript.hang(
            Transcripts.messageStart("claude-haiku-5-5", 5),
            Transcripts.textStart(0),
            Transcripts.textDelta(0, "Once upon a time there was a finch.\n")));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "HUP, 129", "INT, 130"})
  void aQuestionIsSettledByWhatCame(String signal, int code) throws Exception {
    Process process = question("env", "--default-signal=INT,HUP");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("Once upon a time there was a finch.", out.readLine());
      kill(signal, process);
      assertTrue(process.waitFor(PROMPTLY_SECONDS, TimeUnit.SECONDS));
      assertEquals(code, process.exitValue());
      String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertTrue(said.contains("The answer was cancelled."), said);
    } finally {
      process.destroyForcibly();
    }
    expectSettled();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "HUP, 129"})
  void anAnswerInTheReplIsSettledByWhatCame(String signal, int code) throws Exception {
    try (PtyProcess repl = PtyProcess.start(world.process(), 100, 30)) {
      repl.await("\u001b[?2004h");
      repl.type("Go on for ever\r");
      repl.await("there was a finch");
      repl.signal(signal);
      assertEquals(code, repl.exitCode());
      repl.awaitAll();
      assertTrue(repl.everything().contains("finch: ended by a signal."), repl.everything());
    }
    expectSettled();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "HUP, 129"})
  void aReplThatWaitsForALineEnds(String signal, int code) throws Exception {
    try (PtyProcess repl = PtyProcess.start(world.process(), 100, 30)) {
      repl.await("\u001b[?2004h");
      repl.type("/usage\r");
      repl.await("No answers yet.");
      repl.signal(signal);
      assertEquals(code, repl.exitCode());
    }
  }

  @Test
  void whatIsToOutliveItsTerminalDoes() throws Exception {
    Process process = question("env", "--ignore-signal=HUP", "--default-signal=INT");
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("Once upon a time there was a finch.", out.readLine());
      kill("HUP", process);
      kill("INT", process);
      assertTrue(process.waitFor(PROMPTLY_SECONDS, TimeUnit.SECONDS));
      assertEquals(ExitCode.CANCELLED, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }

  private Process question(String... before) throws Exception {
    ProcessBuilder builder = world.process("--cloud", "Go on for ever");
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(builder.command());
    Process process = builder.command(command).start();
    process.getOutputStream().close();
    return process;
  }

  private static void kill(String signal, Process process) throws Exception {
    String pid = String.valueOf(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  private void expectSettled() throws Exception {
    Distribution.Result ledger = Distribution.run(world.process("ledger"), "");
    assertTrue(ledger.out().contains("about"), ledger.out());
    assertFalse(ledger.out().contains("at most"), ledger.out());
  }
}
