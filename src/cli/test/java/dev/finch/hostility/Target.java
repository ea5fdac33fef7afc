package dev.finch.hostility;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** Where attacks go: bytes on a socket, and what came back first. */
record Target(InetSocketAddress address, Path scratch) {

  /** How much of what comes back is looked at; the rest is read and dropped. */
  private static final int LOOKED_AT = 4096;

  /** Whole requests are answered to their end in twice this time. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String UNANSWERED = " [and no more]";

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(address, 10_000);
    return socket;
  }

  /** A whole request that asks for the connection's end. */
  static byte[] request(String method, String path, String headers, byte[] body) {
    String head =
        method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers;
    return joined(head + "Content-Length: " + body.length + "\r\n\r\n", body);
  }

  static byte[] joined(String head, byte[] body) {
    byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }

  static String key(String key) {
    return "x-api-key: " + key + "\r\n";
  }

  /** Posts JSON, now and then with damaged bytes; the beginning of the answer. */
  String post(String path, String json, Random random) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(5) == 0) {
      damage(body, random);
    }
    return ask("POST", path, key(ServedFinch.HOSTILE_KEY), body);
  }

  /** A whole request, which must be answered in time. */
  String ask(String method, String path, String headers, byte[] body) throws IOException {
    String answer = exchange(request(method, path, headers, body), PATIENCE);
    if (answer.endsWith(UNANSWERED)) {
      throw new AssertionError(
          method + " " + path + " was not answered to the end within twice " + PATIENCE);
    }
    return answer;
  }

  static void damage(byte[] bytes, Random random) {
    for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
  }

  /** Writes and reads at once, until the end, or until nothing came for so long. */
  String exchange(byte[] bytes, Duration patience) throws IOException {
    try (Socket socket = connect()) {
      Thread.startVirtualThread(() -> write(socket, bytes));
      return beginning(socket, patience);
    }
  }

  /** Reads to the end, or until nothing came for so long; the beginning of it. */
  static String beginning(Socket socket, Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    StringBuilder beginning = new StringBuilder();
    long end = System.nanoTime() + 2 * patience.toNanos();
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (beginning.length() < LOOKED_AT) {
          beginning.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        }
        if (System.nanoTime() > end) {
          return beginning.append(UNANSWERED).toString();
        }
      }
    } catch (SocketTimeoutException _) {
      beginning.append(UNANSWERED);
    } catch (IOException _) {
      // It hung up, which is an answer to such a client.
    }
    return beginning.toString();
  }

  static void write(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException _) {
      // It hung up.
    }
  }
}
