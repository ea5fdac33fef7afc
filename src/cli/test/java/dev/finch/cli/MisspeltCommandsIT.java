package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a key set, whatever looks like a command costs nothing. */
final class MisspeltCommandsIT {

  @TempDir private Path directory;
  private LoopbackWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void whatLooksLikeACommandIsNotSentToClaude() throws Exception {
    expect(ExitCode.OK, "Exit codes", "-q", "help");
    expect(ExitCode.OK, "--port", "help", "serve");
    expect(ExitCode.OK, "No model is here", "-q", "list");
    expect(ExitCode.OK, "no `finch serve` runs here", "ps");
    expect(ExitCode.OK, "no `finch serve` runs here", "stop");
    expect(ExitCode.OK, "Qwen2.5", "show", "qwen2.5-0.5b");
    expect(ExitCode.USAGE, "did you mean `finch models`?", "-q", "modles");
    expect(ExitCode.USAGE, "did you mean `finch status`?", "stauts");
    expect(ExitCode.USAGE, "did you mean `finch serve`?", "server");
    expect(ExitCode.USAGE, "`finch doctor` says where", "logs");
    expect(ExitCode.USAGE, "Nothing is known of a model", "show", "qwen9");
    expect(ExitCode.OK, "the built-in demonstration model", "show", "builtin");
    expect(ExitCode.OK, "random:small", "show", "random:small");
    expect(ExitCode.USAGE, "Nothing is known of a model", "show", "file:/nonexistent.gguf");
    expect(ExitCode.OK, "Exit codes", "HELP");
    expect(ExitCode.OK, "No model is here", "LIST");
    expect(ExitCode.USAGE, "there is nothing to leave", "/quit");
    expect(ExitCode.USAGE, "finch ask login", "login");
    expect(ExitCode.OK, "Paris", "run", "builtin", "What is the capital of France?");
    assertEquals(List.of(), world.claude.messages());
  }

  @Test
  void aQuestionStaysOne() throws Exception {
    expect(ExitCode.OK, "Claude", "--cloud", "ask", "list");
    expect(ExitCode.OK, "Claude", "--cloud", "--", "modles");
    expect(ExitCode.OK, "Claude", "--cloud", "list all primes");
    assertEquals(3, world.claude.messages().size());
  }

  @Test
  void exitAloneLeavesTheReplAndIsNotAsked() throws Exception {
    for (String word : List.of("exit", "Quit", " bye ", ":q")) {
      try (PtyProcess repl = PtyProcess.start(world.process(), 100, 30)) {
        repl.await("\u001b[?2004h");
        repl.type(word + "\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
    assertEquals(List.of(), world.claude.messages());
  }

  private void expect(int code, String said, String... arguments) throws Exception {
    Distribution.Result result = Distribution.run(world.process(arguments), "");
    String all = result.out() + result.err();
    assertTrue(all.contains(said), () -> String.join(" ", arguments) + ": " + all);
    assertEquals(code, result.code(), all);
  }
}
