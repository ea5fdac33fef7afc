package dev.finch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.launch.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A question that names a model which is not here: fetched aloud, or refused with the reason. */
final class UnreachableHubIT {

  private static final String CATALOGUED = "qwen2.5-0.5b";

  @TempDir private Path directory;
  private LoopbackWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new LoopbackWorld(directory);
    world.catalogue(CATALOGUED);
    retrying("10ms");
  }

  private void retrying(String pause) throws IOException {
    Files.writeString(
        world.finch.config(),
        "finch.download { retries = 1, backoff { min = " + pause + ", max = 2s } }\n",
        StandardOpenOption.APPEND);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "--model qwen2.5-0.5b Why, true",
    "--model qwen2.5-0.5b Why, false",
    "run qwen2.5-0.5b Why, true",
    "run hf:acme/other Why, true",
    "run hf:acme/other Why, false",
    "--local --model hf:acme/other Why, true",
    "-q --model hf:acme/other Why, false",
    "--json run hf:acme/other Why, true",
  })
  void whereTheHubRefusesTheReasonIsSaidAndNobodyElseAnswers(String arguments, boolean key)
      throws Exception {
    world.hub.close();
    Distribution.Result result = run(key, arguments.split(" ", -1));
    assertEquals(ExitCode.NOTHING_CAN_ANSWER, result.code(), result.err());
    String model = arguments.contains(CATALOGUED) ? CATALOGUED : "hf:acme/other";
    assertTrue(
        result.err().contains("finch: The model " + model + " is not ready: Cannot reach http://"),
        result.err());
    assertTrue(result.err().contains("Connection refused."), result.err());
    assertTrue(result.err().contains("or wait for the model (--wait"), result.err());
    assertEquals(arguments.contains("--json"), result.out().contains("model_not_ready"));
    assertEquals(List.of(), world.claude.messages());
  }

  @ParameterizedTest
  @CsvSource({
    "--model hf:acme/none Why, acme/none",
    "--local --model hf:acme/none Why, acme/none",
    "--model hf:acme/none:q8_0 Why, acme/none",
    "--model qwen2.5-1.5b Why, Qwen2.5-1.5B",
    "run qwen2.5-1.5b Why, Qwen2.5-1.5B",
    "--model file:/nonexistent.gguf Why, There is no file /nonexistent.gguf.",
    "run file:/nonexistent.gguf Why, There is no file /nonexistent.gguf.",
    "--model file:/etc/passwd Why, /etc/passwd",
    "--model file:/etc Why, /etc is a directory",
  })
  void whatKeepsANamedModelFromBeingHadIsOneExitCode(String arguments, String said)
      throws Exception {
    for (boolean key : new boolean[] {true, false}) {
      Distribution.Result result = run(key, arguments.split(" ", -1));
      assertEquals(ExitCode.NOTHING_CAN_ANSWER, result.code(), result.err());
      assertTrue(result.err().contains(said), result.err());
      assertFalse(result.err().contains(".."), result.err());
    }
    assertEquals(List.of(), world.claude.messages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf:", "hf:acme", "file:", "random:none", "qwen9", "a b"})
  void aReferenceThatIsNoneIsAUsageError(String reference) throws Exception {
    Distribution.Result result = run(true, "--model", reference, "Why");
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertEquals(List.of(), world.claude.messages());
  }

  @Test
  void aDownloadThatIsHeldUpSaysSoWhileItIsTriedAgain() throws Exception {
    world.hub.close();
    retrying("2s");
    Distribution.Result asked = run(true, "run", CATALOGUED, "Why");
    assertTrue(asked.err().contains("refused. Trying again.\n"), asked.err());
    Distribution.Result pulled = run(true, "pull", CATALOGUED);
    assertEquals(ExitCode.FAILED, pulled.code(), pulled.err());
    assertTrue(pulled.err().contains("refused. Trying again.\n"), pulled.err());
    Distribution.Result json = run(true, "pull", "--json", CATALOGUED);
    assertTrue(json.out().contains("\"trouble\":\"Cannot reach"), json.out());
  }

  @Test
  void whoWaitsLearnsThatItIsTriedAgain() throws Exception {
    world.hub.close();
    Process process = world.process("--wait", "--model", "hf:acme/other", "Why").start();
    process.getOutputStream().close();
    try (BufferedReader said = process.errorReader(StandardCharsets.UTF_8)) {
      List<String> lines = new ArrayList<>();
      String line = said.readLine();
      while (line != null && !line.endsWith("It is tried again.")) {
        lines.add(line);
        line = said.readLine();
      }
      assertTrue(line != null && line.contains("Connection refused"), lines::toString);
      assertTrue(process.isAlive());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aModelThatIsNotHereIsFetchedAloudAndAnswers() throws Exception {
    Distribution.Result result = run(true, "run", CATALOGUED, "What is the capital of France?");
    assertEquals(ExitCode.OK, result.code(), result.err());
    assertTrue(result.out().contains("Paris"), result.out());
    assertTrue(result.err().contains("local · "), result.err());
    assertEquals(List.of(), world.claude.messages());
  }

  private Distribution.Result run(boolean key, String... arguments) throws Exception {
    ProcessBuilder builder = world.process(arguments);
    if (!key) {
      builder.environment().remove("ANTHROPIC_API_KEY");
    }
    return Distribution.run(builder, "");
  }
}
