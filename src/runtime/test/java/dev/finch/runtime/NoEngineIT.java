package dev.finch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.engine.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime on a system whose llama.cpp exports no C API. */
final class NoEngineIT {

  @TempDir Path directory;

  @Test
  void onWindowsTheLocalModelIsUnavailableWithTheReasonAndClaudeAnswers()
      throws IOException, InterruptedException {
    try (LoopbackClaude claude = LoopbackClaude.start()) {
      claude.answerAlways(ClaudeScript.text("Hello, this is Claude."));

      String said =
          new ChildJvm("-Dos.name=Windows 11").run(NoEngineChild.class, claude.url(), directory);

      assertSaid(said, "load: ", "ENGINE_UNAVAILABLE");
      assertSaid(said, "state: ", "cannot be called on Windows 11");
      assertSaid(said, "open: ", "CLAUDE Hello, this is Claude.");
      assertSaid(said, "secret: ", "cannot be called on Windows 11");
      assertEquals(1, claude.messages().size());
    }
  }

  private static void assertSaid(String said, String about, String what) {
    assertTrue(said.lines().anyMatch(line -> line.startsWith(about) && line.contains(what)), said);
  }
}
