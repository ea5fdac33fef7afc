package dev.finch.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says exactly what a test tells it to. */
final class RawSocket implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 10_000;

  final Socket socket;

  private RawSocket(Socket socket) {
    this.socket = socket;
  }

  static RawSocket connect(Server server) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    InetSocketAddress address = server.frontEnd.address();
    socket.connect(address, TIMEOUT_MILLIS);
    return new RawSocket(socket);
  }

  static String post(String path, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: "
        + length
        + "\r\n\r\n"
        + body;
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** Says that nothing more will be sent. */
  void closeSending() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads until {@code marker} or the end has come. */
  String readUntil(String marker) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int next;
    while ((next = socket.getInputStream().read()) >= 0) {
      all.write(next);
      if (next == marker.charAt(marker.length() - 1)
          && all.toString(StandardCharsets.UTF_8).endsWith(marker)) {
        break;
      }
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Reads to the end of the connection. */
  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
