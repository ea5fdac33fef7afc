package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.repl.Repl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The REPL as a person uses it: the assembled launcher on a real terminal. */
class ReplIT {

  @TempDir Path directory;
  private Distribution finch;

  @BeforeEach
  void locate() {
    finch = new Distribution(Distribution.assembled(), directory);
  }

  @Test
  void answersWhatWasTypedBeforeThePromptWasThere() throws Exception {
    try (PtyProcess repl = start("builtin")) {
      repl.type("What is the capital of France?\r");
      repl.await("first token");
      assertTrue(repl.lines().stream().anyMatch(line -> line.contains("Paris")), screen(repl));
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void announcesTheDemonstrationModelWhereItAnswersUnnamed() throws Exception {
    try (PtyProcess repl = start("auto")) {
      Files.createDirectories(finch.config().getParent());
      repl.await(">>> ");
      repl.type("Hello\r");
      repl.await("demonstration model (1 MB)");
      repl.type("\u0004");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void cancelsAnAnswerAndGoesOn() throws Exception {
    try (LoopbackClaude claude = LoopbackClaude.start()) {
      claude.answerAlways(
          ClaudeScript.hang(
              Transcripts.messageStart("claude-haiku-5-5", 5),
              Transcripts.textStart(0),
              Transcripts.textDelta(0, "Once upon a time there was a finch.\n")));
      ProcessBuilder builder = process("auto");
      builder.environment().put("ANTHROPIC_BASE_URL", claude.url());
      builder.environment().put("ANTHROPIC_API_KEY", "sk-ant-test");
      try (PtyProcess repl = PtyProcess.start(builder, 100, 30)) {
        repl.await("\u001b[?2004h");
        repl.type("Go on for ever\r");
        repl.await("there was a finch");
        repl.type("\u0003");
        repl.await("(cancelled)");
        claude.awaitAbandoned();
        repl.type("/usage\r");
        repl.await("No answers yet.");
        repl.type("\u0004");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
  }

  @Test
  void countsEachCtrlCOnce() throws Exception {
    try (LoopbackClaude claude = LoopbackClaude.start()) {
      claude.answerAlways(
          ClaudeScript.hang(
              Transcripts.messageStart("claude-haiku-5-5", 5),
              Transcripts.textStart(0),
              Transcripts.textDelta(0, "Once upon a time there was a finch.\n")));
      ProcessBuilder builder = process("auto");
      builder.environment().put("ANTHROPIC_BASE_URL", claude.url());
      builder.environment().put("ANTHROPIC_API_KEY", "sk-ant-test");
      try (PtyProcess repl = PtyProcess.start(builder, 100, 30)) {
        repl.await("\u001b[?2004h");
        for (int round = 0; round < 12; round++) {
          repl.type("Go on for ever\r");
          repl.await("there was a finch");
          repl.type("\u0003");
          repl.await("(cancelled)");
          repl.await("\u001b[?2004h");
          repl.type("partial" + round);
          repl.awaitRow(row -> row.startsWith(">>> partial"), "what was typed");
          repl.type("\u0003");
          repl.await("\u001b[?2004h");
          repl.type("/usage\r");
          repl.await("No answers yet.");
          repl.await("\u001b[?2004h");
        }
        assertFalse(repl.everything().contains("Ctrl-C again"), screen(repl));
        repl.type("\u0004");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
  }

  @Test
  void asksBeforeWhatWasSaidInPrivateGoesToClaude() throws Exception {
    try (LoopbackClaude claude = LoopbackClaude.start()) {
      ProcessBuilder builder = process("builtin");
      builder.environment().put("ANTHROPIC_BASE_URL", claude.url());
      builder.environment().put("ANTHROPIC_API_KEY", "sk-ant-test");
      try (PtyProcess repl = PtyProcess.start(builder, 100, 30)) {
        repl.await("\u001b[?2004h");
        repl.type("/local\r");
        repl.await("nothing leaves");
        repl.type("What is the capital of France?\r");
        repl.await("a local answer was asked for");

        repl.type("/cloud\r");
        repl.await("2 messages of this conversation were said in private.");
        repl.type("\r");
        repl.await("They stay here.");
        repl.type("And of Spain?\r");
        repl.await("a local answer was asked for");
        assertEquals(List.of(), claude.messages());

        repl.type("/cloud\r");
        repl.await("[y/N]");
        repl.type("y\r");
        repl.await("From now on Claude answers.");
        repl.type("And of Italy?\r");
        repl.await("Hello from Claude.");
        assertEquals(5, claude.awaitMessage().json().path("messages").size());
        repl.type("/quit\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
  }

  @Test
  void leavesAtTheSecondCtrlCButNotWhileThereIsText() throws Exception {
    try (PtyProcess repl = start("builtin")) {
      repl.await("\u001b[?2004h");
      repl.type("half a question\u0003");
      repl.await("\u001b[?2004h");
      repl.type("\u0003");
      repl.await("Ctrl-C again");
      repl.await("\u001b[?2004h");
      repl.type("\u0003");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void recallsAnEarlierSessionsLineFromTheFirstKeyOn() throws Exception {
    Files.createDirectories(finch.state());
    Files.writeString(finch.state().resolve("history"), "1700000000000:/usage\n");
    try (PtyProcess repl = start("builtin")) {
      repl.type("\u001b[A\r");
      repl.await("No answers yet.");
      repl.await("\u001b[?2004h");
      repl.type("\u001b[15~\u001b[1;9P\u001bOx/usage");
      repl.awaitRow(line -> line.equals(">>> /usage"), "nothing of the keys without a meaning");
      repl.type("\r");
      repl.await("No answers yet.");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  @Timeout(120)
  void cancelsALocalAnswerAndGoesOn() throws Exception {
    try (PtyProcess repl = start("random:small")) {
      repl.await("\u001b[?2004h");
      repl.type("/set max-tokens 100000\r");
      repl.await("\u001b[?2004h");
      // Sampled, random weights end an answer by chance; taking the likeliest goes on.
      repl.type("/set temperature 0\r");
      repl.await("\u001b[?2004h");
      repl.type("Go on for ever\r");
      repl.awaitRow(line -> line.length() > 60, "a long local answer");
      repl.type("\u0003");
      repl.await("(cancelled)");
      // The step that was under way when it was cancelled ends first.
      do {
        repl.type("/status\r");
        repl.await(" busy, ");
      } while (repl.lines().stream().noneMatch(row -> row.startsWith("slots      0 of")));
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void cancelsWaitingForADownloadAndLeavesTheDownloadAlone() throws Exception {
    try (LoopbackWorld world = new LoopbackWorld(directory)) {
      world.hub.slowNetwork(Duration.ZERO, 40_000);
      try (PtyProcess repl = PtyProcess.start(world.process("--local"), 100, 30)) {
        repl.await("Downloading");
        repl.type("Hello\r");
        repl.await("waiting for the local model");
        repl.type("\u0003");
        repl.await("(cancelled)");
        world.hub.slowNetwork(Duration.ZERO, 0);
        repl.await("answers are now local");
        repl.type("/quit\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
  }

  @Test
  void cancelsAPullKeepsWhatHasComeAndFetchesTheRest() throws Exception {
    try (LoopbackWorld world = new LoopbackWorld(directory)) {
      world.catalogue("qwen2.5-0.5b");
      world.hub.slowNetwork(Duration.ZERO, 40_000);
      ProcessBuilder builder = world.process();
      builder.environment().put("FINCH_MODEL", "builtin");
      try (PtyProcess repl = PtyProcess.start(builder, 100, 30)) {
        repl.await("\u001b[?2004h");
        repl.type("/pull qwen2.5-0.5b\r");
        repl.awaitRow(row -> row.startsWith("qwen2.5-0.5b █"), "the bar");
        repl.type("\u0003");
        repl.await("(cancelled)");
        world.hub.slowNetwork(Duration.ZERO, 0);
        repl.type("/pull qwen2.5-0.5b\r");
        repl.await("qwen2.5-0.5b is in the cache.");
        repl.type("/quit\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
      assertTrue(world.hub.bodyBytes() < 2 * world.modelBytes(), "what had come was kept");
    }
  }

  @Test
  void cancelsWaitingWhileTheModelIsLookedUp() throws Exception {
    try (LoopbackWorld world = new LoopbackWorld(directory)) {
      world.hub.slowNetwork(Duration.ofSeconds(20), 0);
      try (PtyProcess repl = PtyProcess.start(world.process("--local"), 100, 30)) {
        repl.await("\u001b[?2004h");
        repl.type("Hello\r");
        repl.await("waiting for the local model");
        repl.type("\u0003");
        repl.await("(cancelled)");
        repl.type("/quit\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
  }

  @Test
  void cancelsWaitingWhileTheModelIsMadeAndLoadedAndLeavesItAlone() throws Exception {
    ProcessBuilder wide = process("random:wide");
    String shape = "-Dfinch.random-shapes.wide.";
    wide.environment()
        .put(
            "FINCH_JAVA_OPTS",
            shape
                + "architecture=qwen2 "
                + shape
                + "layers=6 "
                + shape
                + "embedding-length=1024 "
                + shape
                + "feed-forward-length=4096 "
                + shape
                + "heads=16 "
                + shape
                + "kv-heads=4 "
                + shape
                + "head-dimension=64 "
                + shape
                + "vocabulary-size=4096 "
                + shape
                + "context-length=2048 "
                + shape
                + "tied-embeddings=true");
    try (PtyProcess repl = PtyProcess.start(wide, 100, 30)) {
      repl.await(Repl.PROMPT);
      repl.type("Hello\r");
      repl.await("waiting for the local model");
      repl.type("\u0003");
      repl.await("(cancelled)");
      repl.await("\u001b[?2004h");
      repl.type("/set max-tokens 3\r");
      repl.await("\u001b[?2004h");
      repl.type("Hello again\r");
      repl.await("first token");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void asksForConsentOnceAndRemembersIt() throws Exception {
    try (LoopbackWorld world = new LoopbackWorld(directory)) {
      world.catalogue("qwen2.5-3b");
      ProcessBuilder first = world.process();
      first.environment().put("FINCH_MODEL", "qwen2.5-3b");
      try (PtyProcess repl = PtyProcess.start(first, 100, 30)) {
        repl.await("no commercial use");
        repl.await("Type y or n.");
        repl.type("n\r");
        repl.await("Not accepted. This is remembered.");
        repl.type("/pull qwen2.5-3b\r");
        repl.await("Type y or n.");
        repl.type("y\r");
        repl.await("Accepted. This is remembered.");
        repl.await("is in the cache.");
        repl.type("/model qwen2.5-3b\r");
        repl.await("answers are now local");
        repl.type("/quit\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
      ProcessBuilder second = world.process();
      second.environment().put("FINCH_MODEL", "qwen2.5-3b");
      try (PtyProcess repl = PtyProcess.start(second, 100, 30)) {
        repl.await("answers are now local");
        assertFalse(screen(repl).contains("Type y or n."), screen(repl));
        repl.type("/quit\r");
        assertEquals(ExitCode.OK, repl.exitCode());
      }
    }
  }

  @Test
  void saysOfARandomModelWhatItIs() throws Exception {
    ProcessBuilder builder = finch.process("--model", "random:small", "--max-tokens", "4");
    try (PtyProcess repl = PtyProcess.start(builder, 100, 30)) {
      repl.type("Hello\r");
      repl.await("This model has random weights");
      assertFalse(screen(repl).contains("built-in"), screen(repl));
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void keepsALargePasteOutOfTheLineAndAnswersOnAfterIt() throws Exception {
    try (PtyProcess repl = start("builtin")) {
      repl.await("\u001b[?2004h");
      repl.type("\u001b[200~");
      for (int i = 0; i < 10_000; i++) {
        repl.type("line " + i + " of a long paste\n");
      }
      repl.type("\u001b[201~");
      repl.await("[paste 1: 10000 lines");
      repl.type("\r");
      repl.await("✗ ");
      repl.type("/usage\r");
      repl.await("No answers yet.");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
  }

  @Test
  void completesCommandsAndKeepsWhatWasTypedForItsOwnerOnly() throws Exception {
    try (PtyProcess repl = start("builtin")) {
      repl.await("\u001b[?2004h");
      repl.type("/status\r");
      repl.await("finch ");
      repl.type("/usa\t\r");
      repl.await("No answers yet.");
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
    }
    Path history = finch.state().resolve("history");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history)));
    assertTrue(Files.readString(history).contains("/usage"));
  }

  @Test
  void keepsWhatIsBeingTypedThroughAResize() throws Exception {
    try (PtyProcess repl = start("builtin")) {
      repl.await("\u001b[?2004h");
      repl.type("What is the capital");
      repl.awaitRow(line -> line.equals(">>> What is the capital"), "the typed text");
      repl.resize(60, 12);
      repl.type(" of France?");
      repl.awaitRow(line -> line.contains("What is the capital of France?"), "the whole text");
      repl.type("\r");
      repl.await("Paris");
    }
  }

  @Test
  void showsWideCharactersAtTheMarginAsTheyAreEdited() throws Exception {
    String wide = "\u754c";
    try (PtyProcess repl = PtyProcess.start(process("builtin"), 60, 20)) {
      repl.await("\u001b[?2004h");
      repl.type(wide.repeat(28));
      awaitRows(repl, ">>> " + wide.repeat(28));
      repl.type("\u0001Z");
      awaitRows(repl, ">>> Z" + wide.repeat(27), wide);
      repl.type("\u0005ab");
      awaitRows(repl, ">>> Z" + wide.repeat(27), wide + "ab");
      repl.type("\u0001\u0004");
      awaitRows(repl, ">>> " + wide.repeat(28), "ab");
      repl.type("\u0003");
      repl.await("\u001b[?2004h");
      repl.type("\u001b[200~" + wide.repeat(70) + "c\u001b[201~");
      awaitRows(repl, ">>> " + wide.repeat(28), wide.repeat(30), wide.repeat(12) + "c");
      repl.type("\u0001b" + wide);
      awaitRows(repl, ">>> b" + wide.repeat(27), wide.repeat(30), wide.repeat(14) + "c");
    }
  }

  @Test
  void keepsTheLastCharacterOfARowThatDeletionMakesFit() throws Exception {
    String full = "a".repeat(55) + "z";
    try (PtyProcess repl = PtyProcess.start(process("builtin"), 60, 20)) {
      repl.await("\u001b[?2004h");
      repl.type(full + "b");
      awaitRows(repl, ">>> " + full, "b");
      repl.type("\u007f");
      awaitRows(repl, ">>> " + full);
      repl.type("b\u0001\u0006\u0004");
      awaitRows(repl, ">>> " + full.substring(1) + "b");
      repl.type("\u0005cd");
      awaitRows(repl, ">>> " + full.substring(1) + "b", "cd");
      repl.type("\u007f\u007f");
      awaitRows(repl, ">>> " + full.substring(1) + "b");
      repl.type("\u0003");
      repl.await("\u001b[?2004h");
      repl.type("\u754c".repeat(28) + "b");
      awaitRows(repl, ">>> " + "\u754c".repeat(28), "b");
      repl.type("\u007f");
      awaitRows(repl, ">>> " + "\u754c".repeat(28));
    }
  }

  private static void awaitRows(PtyProcess repl, String... rows) throws InterruptedException {
    List<String> wanted = List.of(rows);
    repl.awaitScreen(
        screen -> {
          List<String> shown = screen.stream().filter(row -> !row.isEmpty()).toList();
          int last = shown.lastIndexOf(rows[0]);
          return last >= 0 && shown.subList(last, shown.size()).equals(wanted);
        },
        String.join("\n", wanted));
  }

  @Test
  void readsTextOverSeveralLines() throws Exception {
    try (PtyProcess repl = start("builtin")) {
      repl.await("\u001b[?2004h");
      repl.type("\"\"\"one\r");
      repl.await("... ");
      repl.type("two\"\"\"\r");
      repl.await("first token");
    }
  }

  @Test
  void worksOnATerminalThatCanDoNothing() throws Exception {
    ProcessBuilder builder = process("builtin");
    builder.environment().put("TERM", "dumb");
    try (PtyProcess repl = PtyProcess.start(builder, 100, 24)) {
      repl.await(">>> ");
      repl.type("What is the capital of France?\n");
      repl.await("first token");
      repl.type("/quit\n");
      assertEquals(ExitCode.OK, repl.exitCode());
      assertFalse(screen(repl).contains("\u001b"));
    }
  }

  @Test
  void savesAndLoadsAConversation() throws Exception {
    Path file = directory.resolve("talk.json");
    try (PtyProcess repl = start("builtin")) {
      repl.await("\u001b[?2004h");
      repl.type("Hello\r");
      repl.await("first token");
      repl.type("/save " + file + "\r");
      repl.await("Saved 2 messages");
      repl.type("/clear\r");
      repl.await("Forgotten.");
      repl.type("/load " + file + "\r");
      repl.await("Loaded 2 messages");
      repl.type("/retry\r");
      repl.await("first token");
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  private PtyProcess start(String model) throws IOException {
    return PtyProcess.start(process(model), 100, 30);
  }

  private ProcessBuilder process(String model) {
    ProcessBuilder builder = finch.process();
    builder.environment().put("FINCH_MODEL", model);
    // What would be downloaded stays undownloaded: nobody listens there.
    builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:9");
    return builder;
  }

  private static String screen(PtyProcess repl) {
    return String.join("\n", List.copyOf(repl.lines()));
  }
}
