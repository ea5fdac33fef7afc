package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.FinishReason;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Prompt;
import dev.finch.inference.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
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
              results(request).isEmpty()
                  ? calls(
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
            boolean called = !results(request).isEmpty();
            return tool && !called
                ? calls("StructuredOutput", "{\"city\":\"Bern\"}")
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

  private static List<ChatMessage> results(GenerateRequest request) {
    return ((Prompt.Conversation) request.prompt())
        .messages().stream().filter(message -> message.role() == Role.TOOL).toList();
  }

  private static String lastResult(Server server) {
    return results(server.finch.requests.getLast()).getLast().content();
  }

  private static Source<AnswerEvent, NotUsed> calls(String tool, String arguments) {
    return Source.from(
        List.of(
            new AnswerEvent.Started(ScriptedFinch.LOCAL),
            new AnswerEvent.ToolCallStarted(0, "call_1", tool),
            new AnswerEvent.ToolCallArguments(0, arguments),
            ScriptedFinch.finished(FinishReason.TOOL_CALLS, 5)));
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
