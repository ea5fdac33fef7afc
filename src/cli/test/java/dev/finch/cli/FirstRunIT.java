package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.claude.ClaudeScript;
import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.repl.Repl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jline.terminal.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first run as a person sees it: Claude answers while the model arrives, then the same
 * conversation goes on locally. What the screen showed is written to {@code target/first-run.txt};
 * README has it.
 */
class FirstRunIT {

  private static final Path RECORDED = Path.of("target", "first-run.txt");

  @TempDir Path directory;
  private LoopbackWorld world;

  @BeforeEach
  void start() throws IOException {
    world = new LoopbackWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void claudeAnswersUnderTheProgressLineUntilAnswersAreLocal() throws Exception {
    world.hub.slowNetwork(Duration.ZERO, 60_000);
    List<String> transcript = new ArrayList<>();
    try (PtyProcess repl = PtyProcess.start(world.process(), 130, 16)) {
      repl.await("Downloading");
      repl.type("My name is Anna.\r");
      repl.await("this is Claude.");
      repl.await("not ready yet");
      repl.awaitRow(row -> row.startsWith("Downloading") && row.endsWith("left"), "the bar");
      transcript.addAll(repl.lines());
      transcript.add("");

      world.hub.slowNetwork(Duration.ZERO, 0);
      repl.await("answers are now local");
      repl.type("/set temperature 0\r");
      repl.type("What is my name?\r");
      repl.awaitRow(line -> line.contains("Anna") && !line.contains("Claude"), "a local answer");
      repl.await("the local model is ready");
      transcript.add("# a little later");
      transcript.addAll(repl.lines());
      repl.type("/quit\r");
      assertEquals(ExitCode.OK, repl.exitCode());
      assertEquals(1, world.claude.messages().size());
      assertTrue(world.hub.bodyBytes() >= world.modelBytes());
    }
    Files.writeString(RECORDED, withoutBlankRows(transcript));
    assertEquals(
        Golden.anyNumbers(Files.readString(RECORDED)),
        Golden.anyNumbers(Golden.block(Path.of("README.md"), "# a little later")),
        "README's transcript is not what the screen shows; " + RECORDED + " is");
  }

  @Test
  void theBarStaysBelowAnAnswerThatStreams() throws Exception {
    world.hub.slowNetwork(Duration.ZERO, 60_000);
    CountDownLatch goOn = new CountDownLatch(1);
    world.claude.answerAlways(
        ClaudeScript.after(
            goOn, ClaudeScript.text("## Finches\n\n- they **sing**\n- they eat `seeds`\n")));
    try (PtyProcess repl = PtyProcess.start(world.process(), 130, 12)) {
      repl.await("Downloading");
      repl.type("Tell me about finches.\r");
      repl.awaitRow(row -> row.startsWith(">>> Tell me"), "the question");
      goOn.countDown();
      repl.await("not ready yet");
      repl.type("half a li");
      repl.awaitRow(row -> row.equals(">>> half a li"), "what is being typed");
      repl.awaitRow(row -> row.startsWith("Downloading") && row.endsWith("left"), "the bar");
      Golden.assertScreen("bar-under-answer.txt", repl.lines());
      repl.type("\u0003\u0004");
    }
  }

  @Test
  void theBarStaysOneAndTheLastRowHoweverTheScreenIsResized() throws Exception {
    world.hub.slowNetwork(Duration.ZERO, 10_000);
    try (PtyProcess repl = PtyProcess.start(world.process(), 100, 40)) {
      repl.await("Downloading");
      repl.type("half a li");
      repl.awaitRow(row -> row.equals(">>> half a li"), "what is being typed");
      repl.awaitScreen(FirstRunIT::barIsLast, "the bar");
      for (Size size : List.of(Size.of(60, 20), Size.of(100, 40), Size.of(80, 40))) {
        repl.resize(size.getColumns(), size.getRows());
        repl.awaitScreen(FirstRunIT::barIsLast, "one bar, in the last row of " + size);
        repl.awaitRow(row -> row.equals(">>> half a li"), "what is being typed");
      }
      repl.type("\u0003/help\r/help\r");
      repl.await("/quit");
      repl.await("/quit");
      repl.awaitScreen(FirstRunIT::barIsLast, "one bar, below what scrolls");
      repl.resize(60, 3);
      repl.resize(100, 40);
      repl.awaitScreen(FirstRunIT::barIsLast, "one bar, after two sizes at once");
      repl.type("\u0004");
      repl.exitCode();
      repl.awaitAll();
      assertTrue(repl.lines().stream().noneMatch(FirstRunIT::isBar), repl.lines().toString());
    }
  }

  @Test
  void theBarStaysOneWhereTheScreenIsResizedUnderAnAnswer() throws Exception {
    world.hub.slowNetwork(Duration.ZERO, 10_000);
    CountDownLatch goOn = new CountDownLatch(1);
    world.claude.answerAlways(ClaudeScript.after(goOn, ClaudeScript.text("one\n\ntwo\n")));
    try (PtyProcess repl = PtyProcess.start(world.process(), 100, 40)) {
      repl.await("Downloading");
      repl.type("Count.\r");
      repl.awaitRow(row -> row.equals(">>> Count."), "the question");
      repl.awaitScreen(rows -> !rows.getLast().isEmpty(), "a status line");
      String status = repl.lines().getLast().substring(0, 8);
      repl.resize(60, 12);
      repl.awaitScreen(rows -> isOnlyLast(rows, status), "one line about the answer");
      repl.resize(100, 40);
      repl.awaitScreen(rows -> isOnlyLast(rows, status), "one line about the answer");
      goOn.countDown();
      repl.await("not ready yet");
      repl.awaitScreen(FirstRunIT::barIsLast, "the bar");
      repl.type("\u0003\u0004");
    }
  }

  private static boolean isBar(String row) {
    return row.contains("Downloading acme");
  }

  private static boolean barIsLast(List<String> rows) {
    return isOnlyLast(rows, "Downloading acme");
  }

  private static boolean isOnlyLast(List<String> rows, String start) {
    return rows.getLast().startsWith(start)
        && rows.stream().filter(row -> row.contains(start)).count() == 1;
  }

  // Whether the next prompt is there already is a matter of microseconds.
  private static String withoutBlankRows(List<String> rows) {
    StringBuilder text = new StringBuilder();
    rows.stream()
        .filter(row -> !row.isBlank() && !row.equals(Repl.PROMPT.strip()))
        .forEach(row -> text.append(row).append('\n'));
    return text.toString();
  }
}
