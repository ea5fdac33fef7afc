package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.finch.cli.launch.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A REPL that was started with a model goes on with the one that /model names. */
@Timeout(180)
final class MovedModelIT {

  private static final String TINY = "hf:" + LoopbackWorld.REPOSITORY;

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

  @ParameterizedTest
  @ValueSource(strings = {"--model", "run"})
  void theFormerModelAnswersUntilTheNewOneServesAndThatOneThen(String way) throws Exception {
    world.hub.slowNetwork(Duration.ZERO, 20_000);
    try (PtyProcess repl = PtyProcess.start(world.process(way, "builtin"), 120, 40)) {
      repl.await("\u001b[?2004h");
      repl.type("Hello\r");
      repl.await("local · the built-in");
      repl.type("/model " + TINY + "\r");
      repl.await("Downloading");
      repl.type("Hello\r");
      repl.await("local · the built-in");
      world.hub.slowNetwork(Duration.ZERO, 0);
      repl.await("answers are now local");
      repl.type("Hello\r");
      repl.await("local · " + LoopbackWorld.REPOSITORY);

      repl.type("/model hf:acme/none\r");
      repl.await(TINY + " goes on answering.");
      repl.type("Hello\r");
      repl.await("local · " + LoopbackWorld.REPOSITORY);

      repl.type("/model builtin\r");
      repl.type("Hello\r");
      repl.await("first token");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
      assertFalse(repl.everything().contains("is not loaded"), repl.everything());
    }
    assertEquals(List.of(), world.claude.messages());
  }
}
