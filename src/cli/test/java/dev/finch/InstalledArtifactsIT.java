package dev.finch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.cli.Distribution;
import dev.finch.cli.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever depends on an artifact gets what works, and nothing that it does not need. */
final class InstalledArtifactsIT {

  /** What comes with the actors. */
  private static final Set<String> PEKKO =
      Set.of(
          "config",
          "parboiled_2.13",
          "pekko-actor-typed_2.13",
          "pekko-actor_2.13",
          "pekko-http-core_2.13",
          "pekko-http_2.13",
          "pekko-parsing_2.13",
          "pekko-protobuf-v3_2.13",
          "pekko-slf4j_2.13",
          "pekko-stream-typed_2.13",
          "pekko-stream_2.13",
          "reactive-streams",
          "scala-library",
          "slf4j-api",
          "ssl-config-core_2.13");

  private static final Set<String> JACKSON =
      Set.of("jackson-annotations", "jackson-core", "jackson-databind");

  /** The machine and llama.cpp. */
  private static final Set<String> NATIVE =
      Set.of("jna", "jna-platform", "llama", "oshi-common", "oshi-core");

  @TempDir Path directory;

  @Test
  void theRuntimeAloneAnswersInTheServicesProcess() throws Exception {
    FreshProject project = FreshProject.compiled("embedding", directory);
    assertEquals(
        all(
            List.of(
                List.of("finch", "finch-api", "finch-wire", "jspecify"), PEKKO, JACKSON, NATIVE)),
        project.jars());
    String output = project.run("example.Service", directory.resolve("home").toString());
    assertTrue(output.contains("The capital of France is Paris. -- LOCAL"), output);
  }

  @Test
  void theClientAloneAsksARunningServer() throws Exception {
    FreshProject project = FreshProject.compiled("asking", directory.resolve("project"));
    assertEquals(
        all(List.of(List.of("finch-api", "finch-client", "finch-wire", "jspecify"), JACKSON)),
        project.jars());
    assertTrue(project.bytes() < 5_000_000, project.bytes() + " bytes");
    Distribution finch =
        new Distribution(Distribution.assembled(), Files.createDirectories(directory.resolve("s")));
    try (ServerProcess server =
        ServerProcess.start(finch.process("serve", "--port", "0", "--model", "builtin"))) {
      String output = project.run("example.Service", server.address().toString());
      assertTrue(output.contains("The capital of France is Paris. -- "), output);
    }
  }

  @Test
  void theServerServesFromInsideAHostWithoutMicrometer() throws Exception {
    FreshProject project = FreshProject.compiled("serving", directory);
    assertEquals(
        all(
            List.of(
                List.of("finch", "finch-api", "finch-server", "finch-wire", "jspecify"),
                PEKKO,
                JACKSON,
                NATIVE)),
        project.jars());
    String output = project.run("example.Service", directory.resolve("home").toString());
    assertTrue(output.contains("The capital of France is Paris."), output);
    assertTrue(output.contains("501 {\"message\":\"Nothing is counted here: Micrometer"), output);
  }

  private static TreeSet<String> all(List<Collection<String>> parts) {
    TreeSet<String> all = new TreeSet<>();
    parts.forEach(all::addAll);
    return all;
  }
}
