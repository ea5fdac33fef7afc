package dev.finch.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServerRouteTest {

  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory;

  /** What would change where a name leads must not change where prompts go. */
  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:11435,   127.0.0.1, http://127.0.0.1:11435,        , ",
    "http://localhost:11435,   127.0.0.1, http://127.0.0.1:11435,        , ",
    "http://[::1]:11435,       ::1,       http://[0:0:0:0:0:0:0:1]:11435,, ",
    "http://finch.example:1,   127.0.0.1, http://finch.example:1, 127.0.0.1:1, ",
    "https://finch.example,    127.0.0.1, https://127.0.0.1:443,         , finch.example",
    "https://localhost:8443,   127.0.0.1, https://127.0.0.1:8443,        , localhost",
    "https://127.0.0.1:8443,   127.0.0.1, https://127.0.0.1:8443,        , ",
    "https://finch.example,    ,          https://finch.example,         , ",
    "http://192.0.2.7,         ,          http://192.0.2.7,              , ",
  })
  void leadsToTheAddressThatWasLookedUp(
      String url, String own, String base, String through, String certified) throws Exception {
    InetAddress address = own == null ? null : InetAddress.getByName(own);
    ServerRoute route = ServerRoute.to(new ServerAddress(URI.create(url), address));

    assertEquals(base, route.base().toString());
    assertEquals(certified, route.certified());
    if (through == null) {
      assertNull(route.through());
    } else {
      InetSocketAddress proxy = route.through();
      assertTrue(proxy != null && !proxy.isUnresolved());
      assertEquals(through, proxy.getAddress().getHostAddress() + ":" + proxy.getPort());
    }
  }

  @Test
  void aCertificateMustBeForTheNameThoughItsAddressIsConnectedTo() throws Exception {
    SSLContext context = contextFor("finch.invalid");
    List<String> names = new CopyOnWriteArrayList<>();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/",
        exchange -> {
          names.add(
              ((ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession())
                  .getRequestedServerNames()
                  .toString());
          byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      assertEquals("{}", get(context, "finch.invalid", port));
      assertTrue(names.getFirst().contains("finch.invalid"), names.toString());
      CompletionException refused =
          assertThrows(CompletionException.class, () -> get(context, "other.invalid", port));
      String message = String.valueOf(refused.getCause().getMessage());
      assertTrue(message.contains("No safe connection to https://other.invalid"), message);
      assertEquals(1, names.size());
    } finally {
      server.stop(0);
    }
  }

  private static String get(SSLContext context, String name, int port) {
    ServerAddress address =
        ServerAddress.of(
            URI.create("https://" + name + ":" + port),
            false,
            _ -> new InetAddress[] {InetAddress.getLoopbackAddress()});
    try (ServerCalls calls = new ServerCalls(address, null, context)) {
      return calls.json(calls.get("/"), json -> json).join().toString();
    }
  }

  private SSLContext contextFor(String name) throws Exception {
    Path store = directory.resolve("keys.p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair -keyalg EC -alias a -storetype PKCS12 -storepass changeit",
            "-dname CN=" + name + " -ext SAN=dns:" + name,
            "-keystore " + store);
    Process keytool = new ProcessBuilder(String.join(" ", command).split(" ")).start();
    assertEquals(0, keytool.waitFor(), () -> Map.of("keytool", command).toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
