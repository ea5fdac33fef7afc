package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Claude Code in its default configuration, with all of its tools, one that it runs, an answer in a
 * form that it asks for, and a conversation that is too long. What a capable model would say is
 * scripted.
 */
final class ClaudeCodeIT {

  private static final String VERSION = "@anthropic-ai/claude-code@2.1.332";
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
          + "\"required\":[\"city\"],\"additionalProperties\":false}";

  @TempDir private Path directory;

  @BeforeAll
  static void install() throws Exception {
    NodePackages.install(List.of(VERSION));
  }

  @Test
  void runsATool() throws Exception {
    try (Server server = Server.start("")) {
      server.finch.script(
          request ->
              ScriptedFinch.results(request).isEmpty()
                  ? ScriptedFinch.calls(
                      "Bash", "{\"command\":\"echo finch-was-$((40+2))\",\"description\":\"Says\"}")
                  : ScriptedFinch.says("All ", "done."));
      String said = claude(server, "-p", "say hi", "--allowedTools", "Bash");

      assertTrue(said.contains("All done."), said);
      assertTrue(lastResult(server).contains("finch-was-42"), lastResult(server));
    }
  }

  @Test
  void asksForAFormAndGetsIt() throws Exception {
    try (Server server = Server.start("")) {
      server.finch.script(
          request -> {
            boolean tool =
                request.tools().stream().anyMatch(each -> each.name().equals("StructuredOutput"));
            boolean called = !ScriptedFinch.results(request).isEmpty();
            return tool && !called
                ? ScriptedFinch.calls("StructuredOutput", "{\"city\":\"Bern\"}")
                : ScriptedFinch.says(tool ? "Done." : "{\"city\":\"Bern\"}");
          });
      String said =
          claude(server, "-p", "which city?", "--output-format", "json", "--json-schema", SCHEMA);
      JsonNode result = Json.read(said.lines().reduce("", (_, last) -> last));

      assertEquals("Bern", result.at("/structured_output/city").asText(), said);
    }
  }

  @Test
  void understandsThatAConversationIsTooLong() throws Exception {
    try (Server server = Server.start("")) {
      Failure tooLong =
          Failure.permanent(FailureCode.CONTEXT_OVERFLOW, "Too long.", null).overflow(25_211, 1024);
      server.finch.script(_ -> ScriptedFinch.fails(tooLong));
      String said = run(server, 1, "-p", "say hi");

      assertTrue(said.contains("Prompt is too long"), said);
      assertTrue(said.contains("25211"), said);
    }
  }

  private static String lastResult(Server server) {
    return ScriptedFinch.results(server.finch.requests.getLast()).getLast().content();
  }

  private String claude(Server server, String... arguments)
      throws IOException, InterruptedException {
    return run(server, 0, arguments);
  }

  private String run(Server server, int exitCode, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--model", "auto"));
    return NodePackages.runAlone(
        "claude",
        all,
        directory,
        exitCode,
        Map.of(
            "ANTHROPIC_BASE_URL", server.frontEnd.url(),
            "ANTHROPIC_API_KEY", "any",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"));
  }
}
