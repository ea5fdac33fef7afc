package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every example as an embedding service would: in a JVM and with a home of its own, without
 * the libraries that only the command line and the tests bring.
 */
final class ExamplesIT {

  @TempDir Path home;

  @Test
  void askOnceAnswers() throws Exception {
    assertTrue(run("AskOnce").contains("The capital of France is"));
  }

  @Test
  void attachingLeavesTheHostRunning() throws Exception {
    assertTrue(run("AttachToHost").contains("The host still runs: true"));
  }

  @Test
  void aFlowSubscriberGetsTheAnswer() throws Exception {
    assertTrue(run("StreamWithoutPekko").contains("1, 2, 3, 4, 5."));
  }

  @Test
  void selectionListsTheCatalogueAndMarksItsChoice() throws Exception {
    String output = run("SelectAndDownload");
    assertTrue(output.contains("qwen2.5-1.5b"), output);
    assertTrue(output.lines().anyMatch(line -> line.startsWith("* ")), output);
  }

  @Test
  void theFullFlowAnswersWithATrainedAndARandomModel() throws Exception {
    String output = run("FullFlow");
    assertTrue(output.contains("The capital of France is Paris."), output);
    assertTrue(output.contains("random weights of shape small, seed 7: "), output);
  }

  /** The runtime and what its artifact brings, as its module's build has written it down. */
  private static String embeddersClassPath() throws IOException {
    String brought = Files.readString(Path.of("target", "runtime", "classpath"));
    assertFalse(brought.contains("logback") || brought.contains("micrometer"), brought);
    return String.join(
        File.pathSeparator, "target/cli/test-classes", "target/runtime/classes", brought);
  }

  private String run(String example) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Duser.home=" + home));
    command.addAll(List.of("-cp", embeddersClassPath()));
    command.add("dev.finch.example." + example);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("ANTHROPIC_"));
    builder.environment().put("HF_HUB_OFFLINE", "1");
    Path output = home.resolve(example + ".out");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), example + " did not end");
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, process.exitValue(), text);
    return text;
  }
}
