package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Hub and a CDN that speak TLS, vouched for by an authority that no JVM knows. */
final class TlsDownloadIT {

  private static final String REPO = "acme/tiny-gguf";
  private static final String FILE = "tiny-q4_k_m.gguf";

  private static final ActorTestKit KIT = Downloads.kit();

  @TempDir private static Path keys;
  private static TlsFront.Identity identity;

  @TempDir private Path temp;
  private LoopbackHub hub;
  private TlsFront endpoint;
  private TlsFront cdn;
  private Downloads downloads;
  private String plainCdn;

  @BeforeAll
  static void makeAuthority() throws Exception {
    identity = TlsFront.Identity.make(keys);
  }

  @BeforeEach
  void serveOneModel() {
    hub = LoopbackHub.start();
    hub.serve(REPO, FILE, Content.random(temp.resolve("origin/" + FILE), 3_000_000, 1));
    hub.accept("hf_secret");
    endpoint = TlsFront.of(identity, hub.endpoint());
    plainCdn = hub.cdn();
    cdn = TlsFront.of(identity, plainCdn);
    hub.redirectTo(cdn.origin());
    downloads =
        new Downloads(KIT, hub, temp.resolve("hub"))
            .env("HF_ENDPOINT", endpoint.origin())
            .env("HF_TOKEN", "hf_secret")
            .with("retries", "1");
  }

  @AfterEach
  void stopServers() throws IOException {
    endpoint.close();
    cdn.close();
    hub.close();
  }

  @AfterAll
  static void stopActors() {
    KIT.shutdownTestKit();
  }

  @Test
  void trustsTheAuthorityThatIsNamedAndShowsTheTokenToTheHubOnly() throws IOException {
    downloads.env("SSL_CERT_FILE", identity.authority().toString());

    assertGood(downloads.fetch(Downloads.listed(REPO, null)));

    assertFalse(hub.requestsTo(LoopbackHub.Place.CDN).isEmpty());
    for (LoopbackHub.Seen request : hub.requests()) {
      assertEquals(
          request.host().equals("127.0.0.1"), request.headers().containsKey("authorization"));
    }
  }

  @Test
  void trustsItWhereTheSettingNamesIt() throws IOException {
    downloads.with("ca-file", "\"" + identity.authority() + "\"");
    assertGood(downloads.fetch(downloads.pinned(REPO, FILE)));
  }

  @Test
  void refusesAnAuthorityThatNobodyNamedAndSaysHowToNameIt() {
    Failure failure = downloads.fetch(Downloads.listed(REPO, null)).offline();

    assertEquals(FailureCode.HUB_UNREACHABLE, failure.code());
    assertTrue(failure.message().contains("TLS"), failure.message());
    assertTrue(
        String.valueOf(failure.hint().orElse(null)).contains("SSL_CERT_FILE"),
        failure.hint().orElse(null));
    assertTrue(hub.requests().isEmpty());
  }

  @Test
  void refusesTheCertificateOfAnotherHost() {
    downloads
        .env("SSL_CERT_FILE", identity.authority().toString())
        .env("HF_ENDPOINT", endpoint.origin().replace("127.0.0.1", "localhost"));

    Failure failure = downloads.fetch(Downloads.listed(REPO, null)).offline();

    assertTrue(failure.message().contains("TLS"), failure.message());
    assertTrue(hub.requests().isEmpty());
  }

  @Test
  void refusesToBeSentToPlainHttp() {
    downloads.env("SSL_CERT_FILE", identity.authority().toString());
    hub.redirectTo(plainCdn);

    Failure failure = downloads.fetch(downloads.pinned(REPO, FILE)).failure();

    assertEquals(FailureCode.HUB_PROTOCOL, failure.code());
    assertTrue(failure.message().contains("from https to http"), failure.message());
    assertTrue(hub.requestsTo(LoopbackHub.Place.CDN).isEmpty());
  }

  @Test
  void tunnelsThroughTheProxyOfHttpsProxy() throws IOException {
    downloads.env("SSL_CERT_FILE", identity.authority().toString());
    try (ConnectProxy proxy = ConnectProxy.start("ada", "pass word")) {
      downloads.env("HTTPS_PROXY", "http://ada:pass%20word@127.0.0.1:" + proxy.port());

      assertGood(downloads.fetch(downloads.pinned(REPO, FILE)));

      assertEquals(
          Set.of(endpoint.origin(), cdn.origin()),
          proxy.targets().stream().map(target -> "https://" + target).collect(Collectors.toSet()));
    }
  }

  private void assertGood(Downloads.Outcome outcome) throws IOException {
    Path file = outcome.model().files().getFirst();
    assertEquals(-1, Files.mismatch(hub.content(REPO, FILE).file(), file));
  }
}
