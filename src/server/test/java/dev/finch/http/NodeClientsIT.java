package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.FinishReason;
import dev.finch.inference.Prompt;
import dev.finch.inference.ResponseFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

/** The npm clients of OpenAI and Anthropic against the front end, where there is Node. */
final class NodeClientsIT {

  private static final Prompt BREAK = new Prompt.Conversation(List.of(ChatMessage.user("break")));

  private static Source<AnswerEvent, NotUsed> calls(String tool) {
    return Source.from(
        List.of(
            new AnswerEvent.Started(ScriptedFinch.LOCAL),
            new AnswerEvent.ToolCallStarted(0, "call_1", tool),
            new AnswerEvent.ToolCallArguments(0, "{\"city\":"),
            new AnswerEvent.ToolCallArguments(0, "\"Bern\"}"),
            ScriptedFinch.finished(FinishReason.TOOL_CALLS, 5)));
  }

  @Test
  void answersTheClientsOfNpm() throws Exception {
    NodePackages.install();
    Files.copy(
        Path.of("src", "server", "test", "resources", "clients.mjs"),
        NodePackages.WORK.resolve("clients.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
    Failure lost = Failure.passing(FailureCode.PROVIDER_LOST, "It is gone.", null);
    try (Server server = Server.start("")) {
      server.finch.script(
          request -> {
            if (request.prompt().equals(BREAK)) {
              return ScriptedFinch.fails(lost, "Hel");
            }
            if (!request.tools().isEmpty()) {
              return calls(request.tools().getFirst().name());
            }
            return request.format() instanceof ResponseFormat.JsonSchema
                ? ScriptedFinch.says("{\"city\":", "\"Bern\"}")
                : ScriptedFinch.says("Hello, ", "world.");
          });
      List<String> command = List.of("node", "clients.mjs", server.frontEnd.url());

      assertEquals("OK", NodePackages.run(command).strip());
    }
  }
}
