package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong port: what answers there speaks HTTP, and is no Finch. */
final class StrangerTest {

  private static final String DEEP = "DEEP";

  private final HttpServer server;

  StrangerTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "200, <html><body>Open WebUI</body></html>",
        "200, ``",
        "200, null",
        "200, {}",
        "200, []",
        "200, 7",
        "200, {\"state\":7}",
        "200, {\"state\":{\"phase\":\"NEVER\"}}",
        "200, DEEP",
        "307, ``",
        "302, <html></html>",
        "401, {}",
        "401, null",
        "403, {\"failure\":null}",
        "404, {\"failure\":{\"code\":\"NEVER\"}}",
        "404, {\"error\":{\"message\":\"Not Found\"}}",
        "500, [[[",
        "502, Bad Gateway",
      })
  void isSaidToBeNoFinch(int status, String body) {
    byte[] said = (body.equals(DEEP) ? "[".repeat(100_000) : body).getBytes(StandardCharsets.UTF_8);
    server.createContext("/", exchange -> answer(exchange, status, said));

    Failure failure = refused();

    assertEquals(FailureCode.PROVIDER_LOST, failure.code());
    assertTrue(failure.message().startsWith(url() + " answered with "), failure.message());
    assertTrue(
        Objects.toString(failure.hint().orElse(null)).contains("finch serve"), failure.describe());
    assertFalse(failure.describe().contains("xception"), failure.describe());
    assertFalse(failure.describe().contains("dev.finch"), failure.describe());
  }

  @Test
  void whatNeverEndsIsGivenUp() {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] much = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < 1000; i++) {
              out.write(much);
            }
          } catch (IOException _) {
            // That is what is wanted: it was given up.
          }
        });

    Failure failure = refused();

    assertEquals(FailureCode.PROVIDER_LOST, failure.code());
    assertTrue(failure.message().contains("never came to an end"), failure.message());
  }

  @Test
  void whatTakesAConnectionAndSaysNothingIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      ServerAddress address = ServerAddress.of(url, false, InetAddress::getAllByName);

      Failure failure =
          assertThrows(
                  FinchException.class,
                  () -> RemoteFinch.connect(address, null, Duration.ofSeconds(1)).close())
              .failure();

      assertEquals(FailureCode.PROVIDER_LOST, failure.code());
      assertEquals(url + " said nothing for 1 seconds.", failure.message());
    }
  }

  private Failure refused() {
    return assertThrows(FinchException.class, () -> RemoteFinch.connect(url()).close()).failure();
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }
}
