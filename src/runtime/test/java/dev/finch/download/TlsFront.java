package dev.finch.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Speaks TLS to clients and plain HTTP to the server behind it, on the same loopback address. */
final class TlsFront implements AutoCloseable {

  private final SSLServerSocket server;
  private final URI behind;

  /** Who a front says that it is, and the file of the authority that vouches for it. */
  record Identity(SSLContext context, Path authority) {

    /** A new authority's own certificate for 127.0.0.1 and 127.0.0.2, and for no name. */
    static Identity make(Path directory) throws Exception {
      Files.createDirectories(directory);
      Path store = directory.resolve("identity.p12");
      Path authority = directory.resolve("authority.pem");
      keytool(
          store,
          "-genkeypair",
          "-dname",
          "CN=An authority that nobody knows",
          "-keyalg",
          "EC",
          "-ext",
          "bc=ca:true",
          "-ext",
          "san=ip:127.0.0.1,ip:127.0.0.2");
      keytool(store, "-exportcert", "-rfc", "-file", authority.toString());
      return new Identity(context(store), authority);
    }

    private static void keytool(Path store, String... arguments) throws Exception {
      Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
      List<String> command = new ArrayList<>(List.of(tool.toString()));
      command.addAll(List.of(arguments));
      command.addAll(List.of("-alias", "it", "-keystore", store.toString()));
      command.addAll(List.of("-storepass", "changeit", "-storetype", "PKCS12"));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    }

    private static SSLContext context(Path store) throws GeneralSecurityException, IOException {
      char[] password = "changeit".toCharArray();
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(KeyStore.getInstance(store.toFile(), password), password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    }
  }

  private TlsFront(SSLServerSocket server, URI behind) {
    this.server = server;
    this.behind = behind;
  }

  /** Puts one before a plain server, such as {@code http://127.0.0.1:8000}. */
  static TlsFront of(Identity identity, String behind) {
    try {
      URI plain = URI.create(behind);
      InetAddress address = InetAddress.getByName(plain.getHost());
      SSLServerSocket server =
          (SSLServerSocket)
              identity.context().getServerSocketFactory().createServerSocket(0, 64, address);
      TlsFront front = new TlsFront(server, plain);
      Thread.ofPlatform().daemon().start(front::accept);
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String origin() {
    return "https://" + behind.getHost() + ":" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket plain = new Socket(behind.getHost(), behind.getPort())) {
      Thread up = Thread.ofPlatform().daemon().start(() -> pump(client, plain));
      pump(plain, client);
      up.join();
    } catch (IOException e) {
      // Either side may go whenever it likes.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      input.transferTo(output);
      to.shutdownOutput();
    } catch (IOException e) {
      // The other direction ends the connection.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
