package dev.finch.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Hub on loopback with one small file, so that a {@link Training} run goes the way of a download
 * without a network: listing, redirect and ranges.
 */
final class TrainingHub implements AutoCloseable {

  /** What to pull from it. */
  static final String REFERENCE = "hf:training/model-gguf";

  private static final String FILE = "model-q4_k_m.gguf";
  private static final String COMMIT = "0".repeat(40);
  private static final Pattern RANGE = Pattern.compile("(?i)range: bytes=(\\d+)-(\\d+)");

  private final ServerSocket socket;
  private final byte[] content = new byte[2 << 20];
  private final String hash;

  TrainingHub() throws IOException {
    socket = new ServerSocket(0, 16, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    try {
      hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    daemon(this::accept);
  }

  /** Settings that lead to it, with pieces as small as the file is. */
  String settings() {
    return String.format(
        Locale.ROOT,
        "finch.download { endpoint = \"%s\", parallel-from = 1, piece = 256 KiB }%n",
        address("127.0.0.1"));
  }

  private String address(String host) {
    return "http://" + host + ":" + socket.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      }
    } catch (IOException e) {
      // Closed: the training is over.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      OutputStream out = connection.getOutputStream();
      for (String request = lines.readLine(); request != null; request = lines.readLine()) {
        String range = null;
        for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
          range = RANGE.matcher(line).matches() ? line : range;
          line = lines.readLine();
        }
        answer(out, request, range);
      }
    } catch (IOException e) {
      // The client went away, as it may.
    }
  }

  private void answer(OutputStream out, String request, @Nullable String range) throws IOException {
    if (request.contains("/revision/")) {
      json(out, "{\"sha\":\"" + COMMIT + "\"}");
    } else if (request.contains("/tree/")) {
      json(
          out,
          String.format(
              Locale.ROOT,
              "[{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\","
                  + "\"lfs\":{\"oid\":\"%s\",\"size\":%d}}]",
              FILE,
              content.length,
              COMMIT,
              hash,
              content.length));
    } else if (request.contains("/resolve/")) {
      String target = "Location: " + address("localhost") + "/cdn\r\nX-Repo-Commit: " + COMMIT;
      send(out, "302 Found", target, new byte[0], 0, 0);
    } else {
      bytes(out, range);
    }
  }

  private void bytes(OutputStream out, @Nullable String range) throws IOException {
    Matcher asked = RANGE.matcher(String.valueOf(range));
    if (!asked.matches()) {
      send(out, "200 OK", "X-Content: whole", content, 0, content.length);
      return;
    }
    int from = Integer.parseInt(asked.group(1));
    int to = Integer.parseInt(asked.group(2));
    String header = "Content-Range: bytes " + from + "-" + to + "/" + content.length;
    send(out, "206 Partial Content", header, content, from, to + 1 - from);
  }

  private static void json(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    send(out, "200 OK", "Content-Type: application/json", bytes, 0, bytes.length);
  }

  private static void send(
      OutputStream out, String status, String header, byte[] body, int from, int length)
      throws IOException {
    String head =
        "HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: " + length + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body, from, length);
    out.flush();
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "training-hub");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
