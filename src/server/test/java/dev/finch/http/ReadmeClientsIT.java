package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What README tells people to type for each client, typed, against a real runtime. */
final class ReadmeClientsIT {

  private static final String SERVER_IN_README = "http://127.0.0.1:11435";

  private static RealServer server;

  @BeforeAll
  static void start() throws IOException {
    server = RealServer.builtin();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyCurlCommandAnswers() throws Exception {
    Files.createDirectories(NodePackages.WORK);
    List<String> commands = blocks("sh").stream().filter(b -> b.contains("curl ")).toList();

    assertEquals(4, commands.size());
    for (String command : commands) {
      assertAnswers(NodePackages.run(List.of("sh", "-ec", command)), command);
    }
  }

  @Test
  void everyScriptOfNpmClientsAnswers() throws Exception {
    NodePackages.install();
    List<String> scripts = blocks("js");

    assertEquals(3, scripts.size());
    for (String script : scripts) {
      Path file = NodePackages.WORK.resolve("readme.mjs");
      Files.writeString(file, script);
      assertAnswers(NodePackages.run(List.of("node", "readme.mjs")), script);
    }
  }

  @Test
  void everyJavaProgramAnswers() throws Exception {
    Files.createDirectories(NodePackages.WORK);
    List<String> programs = blocks("java");

    assertEquals(3, programs.size());
    for (String program : programs) {
      Files.writeString(NodePackages.WORK.resolve("Readme.java"), program);
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String classes = System.getProperty("java.class.path");
      assertAnswers(NodePackages.run(List.of(java, "-cp", classes, "Readme.java")), program);
    }
  }

  private static void assertAnswers(String output, String what) {
    assertTrue(output.contains("Paris") || output.contains("[DONE]"), what + "\n" + output);
  }

  /** The blocks in this language below the heading for clients, at the address of this server. */
  private static List<String> blocks(String language) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String clients = readme.substring(readme.indexOf("\n## Clients"));
    clients = clients.substring(0, clients.indexOf("\n## ", 1));
    Matcher fence =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(clients);
    List<String> blocks = new ArrayList<>();
    while (fence.find()) {
      blocks.add(fence.group(1).replace(SERVER_IN_README, server.url()));
    }
    return blocks;
  }
}
