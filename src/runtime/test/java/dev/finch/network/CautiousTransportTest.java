package dev.finch.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.javadsl.settings.ConnectionPoolSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server can send to a client's parser; an overflow in it would end this JVM. */
final class CautiousTransportTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 100\n\n", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"})
  void survivesInterimResponses(String interim) throws Exception {
    assertEquals("hi", answerTo(interim.repeat(50_000) + OK));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X: y\r\n", "Server: ((((((((((((((((((((((((((((((((\r\n"})
  void refusesHeadersWithoutEnd(String header) {
    assertThrows(
        ExecutionException.class, () -> answerTo("HTTP/1.1 200 OK\r\n" + header.repeat(50_000)));
  }

  private static String answerTo(String bytes) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofVirtual().start(() -> serve(server, bytes));
      ConnectionPoolSettings settings =
          ConnectionPoolSettings.create(KIT.system().classicSystem())
              .withMaxRetries(0)
              .withConnectionSettings(
                  ClientConnectionSettings.create(KIT.system().classicSystem())
                      .withTransport(CautiousTransport.plain(ClientTransport.TCP())));
      Http http = Http.get(KIT.system());
      return http.singleRequest(
              HttpRequest.GET("http://127.0.0.1:" + server.getLocalPort() + "/"),
              http.defaultClientHttpsContext(),
              settings,
              KIT.system().classicSystem().log())
          .thenCompose(response -> response.entity().toStrict(10_000, KIT.system()))
          .thenApply(entity -> entity.getData().utf8String())
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static void serve(ServerSocket server, String bytes) {
    try (Socket socket = server.accept()) {
      while (socket.getInputStream().read() != '\n') {}
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      while (socket.getInputStream().read() >= 0) {}
    } catch (IOException _) {
      // The client hung up.
    }
  }
}
