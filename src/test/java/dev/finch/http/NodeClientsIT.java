package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.ChatMessage;
import dev.finch.inference.Prompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The npm clients of OpenAI and Anthropic against the front end, where there is Node. */
final class NodeClientsIT {

  @Test
  void answersTheClientsOfNpm() throws Exception {
    NodePackages.install();
    Files.copy(
        Path.of("src", "test", "resources", "clients.mjs"),
        NodePackages.WORK.resolve("clients.mjs"),
        StandardCopyOption.REPLACE_EXISTING);
    Failure lost = Failure.passing(FailureCode.PROVIDER_LOST, "It is gone.", null);
    try (Server server = Server.start("")) {
      server.finch.script(
          request ->
              request.prompt().equals(new Prompt.Conversation(List.of(ChatMessage.user("break"))))
                  ? ScriptedFinch.fails(lost, "Hel")
                  : ScriptedFinch.says("Hello, ", "world."));
      List<String> command = List.of("node", "clients.mjs", server.frontEnd.url());

      assertEquals("OK", NodePackages.run(command).strip());
    }
  }
}
