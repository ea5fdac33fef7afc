package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS from PEM files, with a chain of an authority and a server's certificate. */
final class TlsIT {

  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir static Path directory;

  private static ActorTestKit kit;

  @BeforeAll
  static void makeCertificates() throws Exception {
    kit = ActorTestKit.create();
    keytool("-alias", "authority", "-keyalg", "EC", "-dname", "CN=authority", "-ext", "bc:c");
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      keytool(
          "-alias",
          algorithm,
          "-keyalg",
          algorithm,
          "-dname",
          "CN=" + algorithm,
          "-ext",
          "san=dns:localhost,ip:127.0.0.1",
          "-signer",
          "authority");
      KeyStore store = store();
      Certificate[] chain = store.getCertificateChain(algorithm);
      byte[] key = store.getKey(algorithm, PASSWORD).getEncoded();
      Files.writeString(file(algorithm + ".key"), pem("PRIVATE KEY", List.of(key)));
      List<byte[]> encoded = new ArrayList<>();
      for (Certificate certificate : chain) {
        encoded.add(certificate.getEncoded());
      }
      Files.writeString(file(algorithm + ".pem"), pem("CERTIFICATE", encoded));
    }
    Files.writeString(file("other.txt"), "no PEM at all");
    Files.writeString(
        file("garbage.pem"), pem("CERTIFICATE", List.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})));
    Files.writeString(file("garbage.key"), pem("PRIVATE KEY", List.of(new byte[] {1, 2, 3, 4})));
    Files.writeString(file("old.key"), pem("RSA PRIVATE KEY", List.of(new byte[] {1, 2, 3, 4})));
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void answersAClientThatTrustsTheAuthorityAlone(String algorithm) throws Exception {
    HttpFrontEnd frontEnd = start(algorithm + ".pem", algorithm + ".key");
    assertTrue(frontEnd.url().startsWith("https://127.0.0.1:"));
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(frontEnd.url() + "/v1/chat/completions"))
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertTrue(response.body().endsWith("data: [DONE]\n\n"), response.body());
      assertEquals(2, response.sslSession().orElseThrow().getPeerCertificates().length);
    } finally {
      frontEnd.stop().toCompletableFuture().join();
    }
  }

  /** A record of TLS holds some four hundred of them, and the parser saw a record at once. */
  @Test
  void survivesManySmallRequestsInOneWrite() throws Exception {
    HttpFrontEnd frontEnd = start("EC.pem", "EC.key");
    int count = 20_000;
    var address = frontEnd.address();
    try (Socket socket =
        trusting().getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      Thread.ofVirtual().start(() -> flood(socket, count));
      var lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      // A body has no line end, so that the next head begins on its line.
      for (int answers = 0; answers < count; ) {
        answers += lines.readLine().endsWith("HTTP/1.1 200 OK") ? 1 : 0;
      }
    } finally {
      frontEnd.stop().toCompletableFuture().join();
    }
  }

  /** Over TLS both directions end together, as before TLS 1.3, and nobody works for nobody. */
  @Test
  void whoClosesHalfOfASecureConnectionHasLeft() throws Exception {
    ScriptedFinch finch = new ScriptedFinch(kit.system());
    finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(20)));
    HttpFrontEnd frontEnd = start(finch, "EC.pem", "EC.key");
    var address = frontEnd.address();
    try (Socket socket =
        trusting().getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
      String request = RawSocket.post("/v1/chat/completions", body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      Await.until(() -> finch.running.get() == 1);
      socket.shutdownOutput();

      Await.until(() -> finch.ended.get() == 1);
      assertEquals(0, socket.getInputStream().readAllBytes().length);
    } finally {
      frontEnd.stop().toCompletableFuture().join();
    }
  }

  private static void flood(Socket socket, int count) {
    try {
      String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(live.repeat(count).getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<List<String>> wrongFiles() {
    return Stream.of(
        List.of("none.pem", "EC.key", "finch.http.tls.certificate"),
        List.of("other.txt", "EC.key", "finch.http.tls.certificate"),
        List.of("garbage.pem", "EC.key", "finch.http.tls.certificate"),
        List.of("EC.pem", "none.key", "finch.http.tls.key"),
        List.of("EC.pem", "other.txt", "finch.http.tls.key"),
        List.of("EC.pem", "garbage.key", "finch.http.tls.key"),
        List.of("EC.pem", "old.key", "finch.http.tls.key"),
        List.of("EC.pem", "RSA.key", "finch.http.tls.key"));
  }

  @Test
  void wrongFilesFailAtStartWithTheNameOfTheSetting() {
    wrongFiles()
        .forEach(
            wrong -> {
              RuntimeException failed =
                  assertThrows(
                      RuntimeException.class, () -> start(wrong.get(0), wrong.get(1)), "" + wrong);
              FinchException why = assertInstanceOf(FinchException.class, Thrown.unwrapped(failed));

              assertEquals(FailureCode.SETTINGS_INVALID, why.failure().code());
              assertTrue(why.failure().message().startsWith(wrong.get(2)), why.getMessage());
            });
  }

  private static HttpFrontEnd start(String certificate, String key) {
    return start(new ScriptedFinch(kit.system()), certificate, key);
  }

  private static HttpFrontEnd start(ScriptedFinch finch, String certificate, String key) {
    String settings =
        "finch.http.tls { certificate = \"%s\", key = \"%s\" }"
            .formatted(file(certificate), file(key));
    return HttpFrontEnd.start(kit.system(), finch, Server.settings(settings))
        .toCompletableFuture()
        .join();
  }

  private static SSLContext trusting() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", store().getCertificate("authority"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file("store.p12"))) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-storepass", "password", "-validity", "2"));
    command.addAll(List.of("-keystore", file("store.p12").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  private static String pem(String kind, List<byte[]> bodies) {
    StringBuilder text = new StringBuilder();
    for (byte[] body : bodies) {
      text.append("-----BEGIN ").append(kind).append("-----\n");
      text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(body));
      text.append("\n-----END ").append(kind).append("-----\n");
    }
    return text.toString();
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }
}
