package dev.finch.claude;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What may stand between Finch and Claude, on loopback: a server that speaks TLS and hands all on
 * to another port, and a proxy that knows CONNECT and takes every name for that server.
 * Thread-safe.
 */
final class TlsRelay implements AutoCloseable {

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final SSLContext context;
  private final ServerSocket tls;
  private final ServerSocket proxy;
  private final int target;
  private final List<String> connects = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile String proxyAnswer = "HTTP/1.1 200 Connection established\r\n\r\n";

  private TlsRelay(SSLContext context, int target) throws IOException {
    this.context = context;
    this.target = target;
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    this.tls = context.getServerSocketFactory().createServerSocket(0, 50, loopback);
    this.proxy = new ServerSocket(0, 50, loopback);
    Thread.ofVirtual().start(() -> accept(tls, this::serveTls));
    Thread.ofVirtual().start(() -> accept(proxy, this::serveProxy));
  }

  /**
   * @param directory where its key is made
   * @param target the port on this machine that gets what was encrypted
   */
  static TlsRelay start(Path directory, int target) {
    try {
      return new TlsRelay(context(directory), target);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trusts this server's certificate, which is for {@code claude.test} and {@code localhost}. */
  SSLContext trusting() {
    return context;
  }

  int tlsPort() {
    return tls.getLocalPort();
  }

  /** The proxy's address with this login before it, for {@code HTTPS_PROXY}. */
  String proxyUrl(String login) {
    return "http://" + login + "127.0.0.1:" + proxy.getLocalPort();
  }

  /** The heads of all CONNECT requests. */
  List<String> connects() {
    return connects;
  }

  /** The proxy answers with this from now on. */
  void proxyAnswers(String head) {
    proxyAnswer = head;
  }

  @Override
  public void close() {
    try {
      tls.close();
      proxy.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Service {
    void serve(Socket socket) throws IOException;
  }

  private void accept(ServerSocket server, Service service) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(service, socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Service service, Socket socket) {
    try (socket) {
      service.serve(socket);
    } catch (IOException e) {
      // A client that left, or one that does not trust this certificate.
    } finally {
      sockets.remove(socket);
    }
  }

  private void serveTls(Socket client) throws IOException {
    relay(client, target);
  }

  private void serveProxy(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = client.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      head.append((char) next);
    }
    connects.add(head.toString());
    OutputStream out = client.getOutputStream();
    out.write(proxyAnswer.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    if (proxyAnswer.startsWith("HTTP/1.1 200")) {
      relay(client, tls.getLocalPort());
    }
  }

  private void relay(Socket client, int port) throws IOException {
    try (Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      sockets.add(server);
      Thread back =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      server.getInputStream().transferTo(client.getOutputStream());
                      client.close();
                    } catch (IOException e) {
                      // One of both has left.
                    }
                  });
      try {
        client.getInputStream().transferTo(server.getOutputStream());
      } finally {
        back.interrupt();
      }
    }
  }

  private static SSLContext context(Path directory) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore(directory))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static Path keyStore(Path directory) throws IOException {
    Path file = directory.resolve("claude.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "claude",
                "-keyalg",
                "EC",
                "-dname",
                "CN=claude.test",
                "-ext",
                "SAN=dns:claude.test,dns:localhost",
                "-ext",
                "BC=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                String.valueOf(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException(Files.readString(directory.resolve("keytool.log")));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return file;
  }
}
