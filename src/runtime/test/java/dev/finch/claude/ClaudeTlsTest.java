package dev.finch.claude;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to Claude through TLS and through a proxy. */
final class ClaudeTlsTest {

  private static final ActorTestKit TRUSTING = ActorTestKit.create("trusting");
  private static final ActorTestKit WARY = ActorTestKit.create("wary");
  private static final LoopbackClaude CLAUDE = LoopbackClaude.start();

  @TempDir private static Path directory;
  private static TlsRelay relay;

  @BeforeAll
  static void start() {
    relay = TlsRelay.start(directory, URI.create(CLAUDE.url()).getPort());
    Http.get(TRUSTING.system())
        .setDefaultClientHttpsContext(ConnectionContext.httpsClient(relay.trusting()));
  }

  @AfterAll
  static void shutDown() {
    TRUSTING.shutdownTestKit();
    WARY.shutdownTestKit();
    relay.close();
    CLAUDE.close();
  }

  @BeforeEach
  void forget() {
    relay.connects().clear();
    relay.proxyAnswers("HTTP/1.1 200 Connection established\r\n\r\n");
  }

  @Test
  void asksThroughAProxyWhichSeesNothingButTheName() throws InterruptedException {
    Reader reader = ask(TRUSTING, "https://claude.test", relay.proxyUrl("ann:p%40ss@"), "");
    assertEquals("Hello from Claude.", reader.answer().text());

    String connect = String.join("", relay.connects());
    String login = Base64.getEncoder().encodeToString("ann:p@ss".getBytes(StandardCharsets.UTF_8));
    assertTrue(connect.startsWith("CONNECT claude.test:443 "), connect);
    assertTrue(connect.contains("Proxy-Authorization: Basic " + login), connect);
    assertFalse(connect.contains(CloudSettings.KEY), connect);
    LoopbackClaude.Received request = CLAUDE.awaitMessage();
    assertEquals("claude.test", request.header("host"));
    assertEquals(CloudSettings.KEY, request.header("x-api-key"));
    assertEquals("", request.header("proxy-authorization"), "the proxy's login is for the proxy");
  }

  @Test
  void asksThisMachineWithoutTheProxy() throws InterruptedException {
    String url = "https://localhost:" + relay.tlsPort();
    assertEquals("Hello from Claude.", ask(TRUSTING, url, relay.proxyUrl(""), "").answer().text());
    CLAUDE.awaitMessage();
    assertEquals(List.of(), relay.connects());
  }

  @Test
  void leavesTheProxyAsideForTheNamesThatItIsNotFor() {
    Failure failure =
        ask(TRUSTING, "https://claude.invalid", relay.proxyUrl(""), "example.org,.invalid")
            .failure();
    assertEquals(FailureCode.CLAUDE_UNREACHABLE, failure.code());
    assertEquals(List.of(), relay.connects());
  }

  @Test
  void sendsNothingToWhomItCannotTrust() {
    int before = CLAUDE.requests().size();
    Map<String, ActorTestKit> untrusted =
        Map.of("https://claude.test", WARY, "https://another.test", TRUSTING);
    untrusted.forEach(
        (url, kit) -> {
          List<Inference.Reply> replies = ask(kit, url, relay.proxyUrl(""), "").rest();
          Failure failure = Reader.failure(replies);
          assertEquals(FailureCode.CLAUDE_UNREACHABLE, failure.code(), url);
          assertTrue(failure.message().contains(url), failure.message());
        });
    assertEquals(before, CLAUDE.requests().size());
  }

  @Test
  void saysThatTheProxyRefused() {
    relay.proxyAnswers("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    Failure failure = ask(TRUSTING, "https://claude.test", relay.proxyUrl(""), "").failure();
    assertEquals(FailureCode.CLAUDE_UNREACHABLE, failure.code());
    assertTrue(failure.message().contains("407"), failure.message());
    assertTrue(failure.describe().contains("HTTPS_PROXY"), failure.describe());
  }

  private static Reader ask(ActorTestKit kit, String url, String proxy, String exceptions) {
    Map<String, String> env = new HashMap<>();
    env.put("ANTHROPIC_API_KEY", CloudSettings.KEY);
    env.put("ANTHROPIC_BASE_URL", url);
    env.put("HTTPS_PROXY", proxy);
    env.put("NO_PROXY", exceptions);
    ActorRef<Inference.Command> client =
        kit.spawn(
            ClaudeClient.create(
                CloudSettings.of(env, "lifecycle.refresh = 0", "retries.most = 0")));
    return Reader.ask(kit, client, GenerateRequest.of("Hi"));
  }
}
