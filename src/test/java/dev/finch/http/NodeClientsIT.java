package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Prompt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The npm clients of OpenAI and Anthropic against the front end, where there is Node. */
final class NodeClientsIT {

  private static final Path WORK = Path.of("target", "node");
  private static final List<String> PACKAGES = List.of("openai@6", "@anthropic-ai/sdk@1");

  @Test
  void answersTheClientsOfNpm() throws Exception {
    install();
    Failure lost = Failure.passing(FailureCode.PROVIDER_LOST, "It is gone.", null);
    try (Server server = Server.start("")) {
      server.finch.script(
          request ->
              request.prompt().equals(new Prompt.Conversation(List.of(ChatMessage.user("break"))))
                  ? ScriptedFinch.fails(lost, "Hel")
                  : ScriptedFinch.says("Hello, ", "world."));

      assertEquals("OK", run(List.of("node", "clients.mjs", server.frontEnd.url())).strip());
    }
  }

  private static void install() throws Exception {
    Files.createDirectories(WORK);
    Files.copy(
        Path.of("src", "test", "resources", "clients.mjs"),
        WORK.resolve("clients.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
    if (Files.isDirectory(WORK.resolve("node_modules", "openai"))
        && Files.isDirectory(WORK.resolve("node_modules", "@anthropic-ai", "sdk"))) {
      return;
    }
    try {
      List<String> command =
          new java.util.ArrayList<>(
              List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", "."));
      command.addAll(PACKAGES);
      run(command);
    } catch (IOException e) {
      String loud = "THE NPM CLIENTS ARE NOT TESTED: " + e.getMessage();
      System.err.println(loud);
      Assumptions.abort(loud);
    }
  }

  private static String run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(WORK.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      String what = command.getFirst() + " failed: " + output;
      if (command.getFirst().equals("npm")) {
        throw new IOException(what);
      }
      throw new AssertionError(what);
    }
    return output;
  }
}
