package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.download.LoopbackHub;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first run as a person sees it: Claude answers while the model arrives, then the same
 * conversation goes on locally.
 */
class FirstRunIT {

  @TempDir Path directory;

  private final LoopbackHub hub = LoopbackHub.start();
  private final LoopbackClaude claude = LoopbackClaude.start();

  @BeforeEach
  void serveTheModel() throws IOException {
    Path file = directory.resolve("tiny-q8_0.gguf");
    try (InputStream model =
        FirstRunIT.class.getResourceAsStream("/dev/finch/models/tiny-chat-q8_0.gguf")) {
      Files.copy(model, file);
    }
    hub.serve("acme/tiny-GGUF", "tiny-q8_0.gguf", file);
    claude.answerAlways(ClaudeScript.text("Hello Anna, this is Claude."));
  }

  @AfterEach
  void stopServers() {
    hub.close();
    claude.close();
  }

  @Test
  void claudeAnswersUnderTheProgressLineUntilAnswersAreLocal() throws Exception {
    hub.slowNetwork(Duration.ZERO, 60_000);
    Distribution finch = new Distribution(Distribution.assembled(), directory);
    ProcessBuilder builder = finch.process();
    builder.environment().put("FINCH_MODEL", "hf:acme/tiny-GGUF");
    builder.environment().put("HF_ENDPOINT", hub.endpoint());
    builder.environment().put("ANTHROPIC_BASE_URL", claude.url());
    builder.environment().put("ANTHROPIC_API_KEY", "sk-ant-test");
    try (PtyProcess repl = PtyProcess.start(builder, 120, 30)) {
      repl.await("Downloading");
      repl.type("My name is Anna.\r");
      repl.await("this is Claude.");
      repl.await("not ready yet");

      hub.slowNetwork(Duration.ZERO, 0);
      repl.await("answers are now local");
      repl.type("/set temperature 0\r");
      repl.type("What is my name?\r");
      repl.awaitRow(line -> line.contains("Anna") && !line.contains("Claude"), "a local answer");
      repl.await("the local model is ready");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
      assertEquals(1, claude.messages().size());
      assertTrue(hub.bodyBytes() >= Files.size(directory.resolve("tiny-q8_0.gguf")));
    }
  }
}
