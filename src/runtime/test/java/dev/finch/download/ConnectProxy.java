package dev.finch.download;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that tunnels by CONNECT for those who know the login. */
final class ConnectProxy implements AutoCloseable {

  private final ServerSocketChannel server;
  private final String login;
  private final int port;
  private final List<String> targets = new CopyOnWriteArrayList<>();

  private ConnectProxy(ServerSocketChannel server, String login) throws IOException {
    this.server = server;
    this.login = login;
    this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    Thread.ofPlatform().daemon().start(this::accept);
  }

  static ConnectProxy start(String user, String password) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new ConnectProxy(server, "Basic " + Base64.getEncoder().encodeToString(login));
  }

  int port() {
    return port;
  }

  List<String> targets() {
    return targets;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(SocketChannel client) {
    try (HttpConnection connection = new HttpConnection(client)) {
      HttpConnection.Request request = connection.read();
      if (request == null || !request.method().equals("CONNECT")) {
        return;
      }
      if (!request.header("proxy-authorization").equals(login)) {
        connection.answer(true, 407, Map.of(), "");
        return;
      }
      targets.add(request.target());
      String[] to = request.target().split(":", 2);
      try (SocketChannel upstream =
          SocketChannel.open(new InetSocketAddress(to[0], Integer.parseInt(to[1])))) {
        connection.head(200, Map.of());
        Thread up = Thread.ofPlatform().daemon().start(() -> pump(client, upstream));
        pump(upstream, client);
        up.join();
      }
    } catch (IOException e) {
      // Either side may go whenever it likes.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // The other direction ends the tunnel.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
