package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.ResponseFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Codex in its default configuration, with its tools of every kind, a tool that it runs, and an
 * answer in a form that it asks for. What a capable model would say is scripted.
 */
final class CodexIT {

  private static final String VERSION = "@openai/codex@0.171.0";

  @TempDir private Path directory;

  @Test
  void worksAsItComesAndRunsATool() throws Exception {
    NodePackages.install(List.of(VERSION));
    try (Server server = Server.start("")) {
      server.finch.script(request -> isAnswered(request) ? says() : runs(request));
      String said = codex(server, List.of("say hi"));

      assertTrue(said.contains("All done."), said);
      GenerateRequest last = server.finch.requests.getLast();
      assertTrue(ScriptedFinch.results(last).getFirst().content().contains("finch-was-here"), said);
    }
  }

  @Test
  void asksForAFormAndGetsIt() throws Exception {
    NodePackages.install(List.of(VERSION));
    Path schema = directory.resolve("schema.json");
    Files.writeString(
        schema,
        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
            + "\"required\":[\"city\"],\"additionalProperties\":false}");
    try (Server server = Server.start("")) {
      server.finch.script(_ -> ScriptedFinch.says("{\"city\":\"Bern\"}"));
      String said = codex(server, List.of("--output-schema", schema.toString(), "which city?"));

      assertTrue(said.contains("{\"city\":\"Bern\"}"), said);
      assertEquals(
          ResponseFormat.JsonSchema.class, server.finch.requests.getLast().format().getClass());
    }
  }

  private static boolean isAnswered(GenerateRequest request) {
    return !ScriptedFinch.results(request).isEmpty();
  }

  private static Source<AnswerEvent, NotUsed> says() {
    return ScriptedFinch.says("All ", "done.");
  }

  private static Source<AnswerEvent, NotUsed> runs(GenerateRequest request) {
    boolean exec = request.tools().stream().anyMatch(tool -> tool.name().equals("exec_command"));
    return ScriptedFinch.calls(
        exec ? "exec_command" : "shell",
        exec ? "{\"cmd\":\"echo finch-was-here\"}" : "{\"command\":[\"echo\",\"finch-was-here\"]}");
  }

  private String codex(Server server, List<String> arguments)
      throws IOException, InterruptedException {
    String provider =
        "model_providers.finch={name=\"Finch\",base_url=\"%s/v1\",wire_api=\"responses\"}"
            .formatted(server.frontEnd.url());
    List<String> command =
        new ArrayList<>(
            List.of(
                "exec",
                "--skip-git-repo-check",
                "--dangerously-bypass-approvals-and-sandbox",
                "-c",
                "model=\"auto\"",
                "-c",
                "model_provider=\"finch\"",
                "-c",
                provider));
    command.addAll(arguments);
    return NodePackages.runAlone(
        "codex", command, directory, 0, Map.of("CODEX_HOME", directory.resolve("home").toString()));
  }
}
