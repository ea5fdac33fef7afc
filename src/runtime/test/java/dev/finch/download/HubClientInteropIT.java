package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.model.LocalModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hugging Face's own clients and Finch on one cache. Needs Node or Python, and their registries to
 * install the clients from; says so and skips where there is none.
 */
final class HubClientInteropIT {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";
  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private static Path modules;
  private static final Map<ForeignClient, Boolean> INSTALLED = new EnumMap<>(ForeignClient.class);

  @TempDir private Path temp;
  private LoopbackHub hub;
  private Downloads downloads;

  @BeforeEach
  void serveOneModel() {
    hub = LoopbackHub.start();
    hub.serve(REPO, FILE, Content.random(temp.resolve("origin/" + FILE), 3_000_000, 1));
    downloads = new Downloads(KIT, hub, temp.resolve("hub"));
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  @AfterAll
  static void stopActors() {
    KIT.shutdownTestKit();
  }

  @ParameterizedTest
  @EnumSource
  void anotherClientReadsOurCacheOfflineWithoutAWarning(ForeignClient client) throws Exception {
    install(client);
    LocalModel model = downloads.fetch(Downloads.listed(REPO, null)).model();
    hub.close();
    String cache = temp.resolve("hub").toString();

    JsonNode scan = client.call(home(client), "scan", cache);
    assertEquals("[]", scan.path("warnings").toString());
    JsonNode file = scan.path("files").path(0);
    assertEquals(REPO, file.path("repo").asText());
    assertEquals(hub.commit(REPO), file.path("commit").asText());
    assertEquals(3_000_000, file.path("size").asLong());
    assertEquals("[\"main\"]", file.path("refs").toString());

    JsonNode got =
        client.call(home(client), "get", hub.endpoint(), cache, REPO, hub.commit(REPO), FILE);
    assertEquals(model.files().getFirst().toString(), got.path("path").asText());
  }

  @ParameterizedTest
  @EnumSource
  void aCacheOfAnotherClientCostsNoBody(ForeignClient client) throws Exception {
    install(client);
    String cache = temp.resolve("hub").toString();
    client.call(home(client), "get", hub.endpoint(), cache, REPO, hub.commit(REPO), FILE);
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

  private static Path home(ForeignClient client) {
    return modules.resolve(client.name());
  }

  private static void install(ForeignClient client) throws Exception {
    Boolean there = INSTALLED.get(client);
    if (there == null) {
      there = client.install(home(client));
      INSTALLED.put(client, there);
    }
    if (!there) {
      System.err.println("SKIPPED: cannot install Hugging Face's client for " + client);
    }
    assumeTrue(there, "needs " + client + " and its registry");
  }
}
