package dev.finch.http;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessPolicyTest {

  private static final String KEYS = "finch.http.api-keys = [\"ann=key-of-ann\", \"key-of-bob\"]";

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:11435, '', 200",
    "localhost:11435, '', 200",
    "[::1]:11435, '', 200",
    "evil.example, '', 403",
    "localhost:11435, http://localhost:11435, 200",
    "localhost:11435, https://evil.example, 403",
    "localhost:11435, null, 403",
    "chat.example, '', 200",
    "localhost:11435, https://chat.example, 200",
  })
  void withoutAKeyTheNameAndTheOriginDecide(String host, String origin, int status) {
    AccessPolicy policy =
        policy(
            """
            finch.http.allowed-hosts = ["chat.example"]
            finch.http.allowed-origins = ["https://chat.example"]
            """);
    HttpRequest request = request(host);
    if (!origin.isEmpty()) {
      request = request.addHeader(RawHeader.create("Origin", origin));
    }

    assertEquals(status, status(policy.judge(request, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer key-of-ann, ann",
    "authorization, bearer key-of-bob, key-2",
    "x-api-key, key-of-ann, ann",
    "x-api-key, key-of-an, 401",
    "x-api-key, key-of-anna, 401",
    "Authorization, Basic a2V5, 401",
    "X-Other, key-of-ann, 401",
  })
  void withKeysTheKeyDecides(String header, String value, String outcome) {
    AccessPolicy policy = policy(KEYS);
    HttpRequest request = request("any.example").addHeader(RawHeader.create(header, value));
    AccessPolicy.Verdict verdict = policy.judge(request, false);

    assertEquals(
        outcome,
        verdict instanceof AccessPolicy.Admitted admitted ? admitted.key() : "" + status(verdict));
  }

  @Test
  void openRoutesNeedNoKey() {
    assertEquals(200, status(policy(KEYS).judge(request("x.example"), true)));
  }

  @Test
  void keysOfAFileCanBeAddedAndRevokedWhileTheServerRuns(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys");
    Files.writeString(file, "# people\n\nann=key-of-ann\n");
    try (Server server = Server.start("finch.http.api-keys-file = \"" + file + "\"")) {
      assertEquals(200, asks(server, "key-of-ann"));
      assertEquals(401, asks(server, "key-of-bob"));

      Files.writeString(file, "bob=key-of-bob\n");
      Await.until(() -> asks(server, "key-of-bob") == 200);
      assertEquals(401, asks(server, "key-of-ann"));

      Files.writeString(file, "# nobody\n");
      Await.until(() -> asks(server, "key-of-bob") == 401);
      assertEquals(401, server.get("/v1/models").statusCode());
    }
  }

  @Test
  void aBrokenFileLeavesTheKeysAsTheyWere(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("keys");
    Files.writeString(file, "ann=key-of-ann\n");
    KeyRing keys = new KeyRing(Server.settings("finch.http.api-keys-file = \"" + file + "\""));
    Files.writeString(file, "bob=short\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    keys.refresh();

    assertEquals("ann", requireNonNull(keys.find(ApiKey.digestOf("key-of-ann"))).name());
    Files.delete(file);
    keys.refresh();
    assertEquals("ann", requireNonNull(keys.find(ApiKey.digestOf("key-of-ann"))).name());
  }

  @Test
  void refusesShortKeysAndFilesWithoutAny(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("keys"), "# nobody\n");
    FinchException tooShort =
        assertThrows(
            FinchException.class, () -> Server.settings("finch.http.api-keys = [\"short\"]"));
    FinchException empty =
        assertThrows(
            FinchException.class,
            () -> Server.settings("finch.http.api-keys-file = \"" + file + "\""));

    assertTrue(tooShort.failure().message().startsWith("finch.http.api-keys"));
    assertTrue(!tooShort.failure().describe().contains("short\""));
    assertTrue(empty.failure().message().startsWith("finch.http.api-keys-file"));
  }

  private static int asks(Server server, String key) {
    try {
      return server.get("/v1/models", "x-api-key", key).statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static AccessPolicy policy(String settings) {
    HttpSettings http = Server.settings(settings);
    return new AccessPolicy(http, new KeyRing(http));
  }

  @Test
  void refusesToBeReachedByOthersWithoutAKey() {
    ActorTestKit kit = ActorTestKit.create();
    try {
      HttpSettings exposed = Server.settings("finch.http.host = \"0.0.0.0\"");
      CompletionException refused =
          assertThrows(
              CompletionException.class,
              () ->
                  HttpFrontEnd.start(kit.system(), new ScriptedFinch(kit.system()), exposed)
                      .toCompletableFuture()
                      .join());
      FinchException why = (FinchException) refused.getCause();

      assertEquals(FailureCode.SETTINGS_INVALID, why.failure().code());
      HttpFrontEnd keyed =
          HttpFrontEnd.start(
                  kit.system(),
                  new ScriptedFinch(kit.system()),
                  Server.settings(KEYS + "\nfinch.http.host = \"0.0.0.0\""))
              .toCompletableFuture()
              .join();
      keyed.stop().toCompletableFuture().join();
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static HttpRequest request(String host) {
    return HttpRequest.GET("http://" + host + "/v1/models")
        .addHeader(RawHeader.create("Host", host));
  }

  private static int status(AccessPolicy.Verdict verdict) {
    return verdict instanceof AccessPolicy.Refused refused ? refused.refusal().status() : 200;
  }
}
