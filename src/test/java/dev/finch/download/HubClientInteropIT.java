package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.finch.model.LocalModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hugging Face's own JavaScript client and Finch on one cache. Needs Node, and the npm registry to
 * install the client from; says so and skips where there is none.
 */
final class HubClientInteropIT {

  private static final String CLIENT = "@huggingface/hub@2.17.5";
  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private static Path modules;
  private static boolean installed;

  @TempDir private Path temp;
  private LoopbackHub hub;
  private Downloads downloads;

  @BeforeEach
  void serveOneModel() throws Exception {
    installClient();
    hub = LoopbackHub.start();
    hub.serve(REPO, FILE, Content.random(temp.resolve("origin/" + FILE), 3_000_000, 1));
    downloads = new Downloads(KIT, hub, temp.resolve("hub"));
  }

  @AfterEach
  void stopHub() {
    if (hub != null) {
      hub.close();
    }
  }

  @AfterAll
  static void stopActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void anotherClientReadsOurCacheOfflineWithoutAWarning() throws Exception {
    LocalModel model = downloads.fetch(Downloads.listed(REPO, null)).model();
    hub.close();

    JsonNode scan = client("scan", temp.resolve("hub").toString());
    assertEquals("[]", scan.path("warnings").toString());
    JsonNode file = scan.path("files").path(0);
    assertEquals(REPO, file.path("repo").asText());
    assertEquals(hub.commit(REPO), file.path("commit").asText());
    assertEquals(3_000_000, file.path("size").asLong());
    assertEquals("[\"main\"]", file.path("refs").toString());

    JsonNode got =
        client("get", hub.endpoint(), temp.resolve("hub").toString(), REPO, hub.commit(REPO), FILE);
    assertEquals(model.files().getFirst().toString(), got.path("path").asText());
  }

  @Test
  void aCacheOfAnotherClientCostsNoBody() throws Exception {
    client("get", hub.endpoint(), temp.resolve("hub").toString(), REPO, hub.commit(REPO), FILE);
    hub.forget();

    LocalModel model = downloads.fetch(downloads.pinned(REPO, FILE)).model();

    assertEquals(List.of(), hub.requests());
    assertEquals(-1, Files.mismatch(hub.content(REPO, FILE).file(), model.files().getFirst()));
    LocalModel byBranch = downloads.fetch(Downloads.listed(REPO, null)).model();
    assertEquals(model.files(), byBranch.files());
    assertEquals(0, hub.bodyBytes());
    assertTrue(
        downloads.cache().verify(model, _ -> {}).stream()
            .allMatch(check -> check.verdict() == FileCheck.Verdict.GOOD));
  }

  private static void installClient() throws Exception {
    if (!installed) {
      installed =
          run(
                  List.of(
                      "npm",
                      "install",
                      "--silent",
                      "--no-audit",
                      "--no-fund",
                      "--prefix",
                      modules.toString(),
                      CLIENT),
                  new StringBuilder())
              == 0;
    }
    if (!installed) {
      System.err.println("SKIPPED: Node or the npm registry is not there to install " + CLIENT);
    }
    assumeTrue(installed, "needs Node and the npm registry");
  }

  private static JsonNode client(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "src/test/resources/interop/hub.mjs"));
    command.addAll(List.of(arguments));
    StringBuilder output = new StringBuilder();
    assertEquals(0, run(command, output), output.toString());
    return new ObjectMapper().readTree(output.toString());
  }

  private static int run(List<String> command, StringBuilder output) throws Exception {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("HUB_MODULES", modules.toString());
      Process process = builder.start();
      output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertTrue(process.waitFor(2, TimeUnit.MINUTES));
      return process.exitValue();
    } catch (IOException e) {
      return 127;
    }
  }
}
