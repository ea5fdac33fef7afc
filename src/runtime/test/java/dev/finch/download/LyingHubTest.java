package dev.finch.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.settings.Section;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Hub, or a mirror of it, can say of a repository. */
final class LyingHubTest {

  private static final ActorTestKit KIT = Downloads.kit();
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String OID = "a".repeat(64);

  @TempDir static Path directory;

  private HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 16);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @AfterAll
  static void shutDown() {
    KIT.shutdownTestKit();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775807",
        "-1",
        "-9223372036854775808",
        "18446744073709551617",
        "1e300",
        "\"large\"",
        "null"
      })
  void aSizeThatNoFileHasIsRefused(String size) {
    answers("[" + file("model-Q8_0.gguf", size) + "]", null);

    assertEquals(FailureCode.HUB_PROTOCOL, refusal().code());
  }

  @Test
  void aPathWithAControlCharacterIsRefused() {
    answers("[" + file("model\\u0000.gguf", "7") + "]", null);

    assertEquals(FailureCode.HUB_PROTOCOL, refusal().code());
  }

  @Test
  void aListingWithoutEndIsLeft() {
    StringBuilder page = new StringBuilder("[");
    for (int i = 0; i < 5000; i++) {
      page.append(file("f" + i, "7")).append(',');
    }
    answers(page.append(file("last", "7")).append(']').toString(), "next");
    Failure refusal = refusal();

    assertEquals(FailureCode.HUB_PROTOCOL, refusal.code());
    assertTrue(asked.get() <= 25, asked + " pages");
  }

  @Test
  void aPageWithoutEndIsLeft() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] blanks = " ".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
          for (int i = 0; i < 100_000; i++) {
            exchange.getResponseBody().write(blanks);
          }
        });
    Failure refusal = refusal();

    assertEquals(FailureCode.HUB_PROTOCOL, refusal.code());
    assertTrue(refusal.message().contains("longer than"), refusal.message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[[],"})
  void deepOrEndlessJsonIsRefused(String piece) {
    answers(piece.repeat((8 << 20) / piece.length()), null);

    assertEquals(FailureCode.HUB_PROTOCOL, refusal().code());
  }

  @Test
  void redirectsWithoutEndAreLeft() {
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/again" + asked.incrementAndGet());
          exchange.sendResponseHeaders(302, -1);
        });

    assertEquals(FailureCode.HUB_PROTOCOL, refusal().code());
    assertTrue(asked.get() <= 12, asked + " redirects");
  }

  @Test
  void thereIsNeverRoomForWhatCannotBe() {
    FinchException full =
        assertThrows(FinchException.class, () -> DiskSpace.require(directory, Long.MAX_VALUE));

    assertEquals(FailureCode.DISK_FULL, full.failure().code());
  }

  private static String file(String path, String size) {
    return "{\"type\":\"file\",\"path\":\"%s\",\"size\":7,\"oid\":\"%s\",\"lfs\":{\"oid\":\"%s\",\"size\":%s}}"
        .formatted(path, OID, OID, size);
  }

  private void answers(String body, String next) {
    server.createContext("/", exchange -> answer(exchange, body, next));
  }

  private void answer(HttpExchange exchange, String body, String next) throws IOException {
    asked.incrementAndGet();
    if (next != null) {
      exchange.getResponseHeaders().add("Link", "</" + next + asked + ">; rel=\"next\"");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Failure refusal() {
    Config config =
        ConfigFactory.parseString(
                "finch.download { retries = 0, backoff.min = 5ms, request-timeout = 20s }")
            .withFallback(ConfigFactory.load());
    String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
    Map<String, String> environment =
        Map.of("HF_ENDPOINT", endpoint, "HF_HUB_CACHE", directory.toString());
    DownloadSettings settings =
        DownloadSettings.from(
            Section.of(config, "finch.download"),
            new HubEnvironment(environment, Path.of("/nowhere")));
    Hub hub = new Hub(new HubHttp(KIT.system(), settings, new HostCooldowns()), settings);
    CompletionException thrown =
        assertThrows(
            CompletionException.class,
            () ->
                hub.files("org/repo", COMMIT)
                    .toCompletableFuture()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join());
    return DiskFailures.of(thrown);
  }
}
