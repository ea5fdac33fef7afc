package dev.finch.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The client of {@link HttpBenchmark} in a process of its own: plain sockets that stay open, and
 * next to no work for what they read, so that what is measured is the server's. Reads one command a
 * line and answers each with one line of figures.
 */
final class BenchmarkClient {

  private static final String END = "data: [DONE]\n\n\r\n0\r\n\r\n";
  private static final String COUNTED = "\"completion_tokens\":";
  private static final int KEPT = 4096;
  private static final String CONTENT = "\"delta\":{\"content\":";

  /** Nanoseconds until the first content, and the last of what came. */
  private record Seen(long first, String last) {
    long tokens() {
      String rest = last.substring(last.indexOf(COUNTED) + COUNTED.length());
      return Long.parseLong(rest.substring(0, rest.indexOf(',')));
    }
  }

  private final int port;
  private final int tokens;
  private final List<Socket> sockets = new ArrayList<>();

  private BenchmarkClient(int port, int tokens) {
    this.port = port;
    this.tokens = tokens;
  }

  /** Arguments: the server's port and the tokens of an answer. */
  public static void main(String[] args) throws Exception {
    BenchmarkClient client =
        new BenchmarkClient(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ", -1);
        int count = Integer.parseInt(words[1]);
        System.out.println(
            words[0].equals("get") ? client.gets(count) : client.streams(count, threads));
      }
    }
  }

  /** Requests one after the other on one connection; nanoseconds of all. */
  private String gets(int count) throws IOException {
    Socket socket = socket(0);
    byte[] request =
        "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      socket.getOutputStream().write(request);
      readUntil(socket.getInputStream(), "\"live\"}", start);
    }
    return "" + (System.nanoTime() - start);
  }

  /**
   * Answers streamed at once; nanoseconds of all, on average until the first content, and tokens.
   */
  private String streams(int count, ExecutorService threads)
      throws IOException, InterruptedException, ExecutionException {
    long start = System.nanoTime();
    List<Future<Seen>> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Socket socket = socket(i);
      answers.add(threads.submit(() -> answer(socket)));
    }
    long first = 0;
    long made = 0;
    for (Future<Seen> one : answers) {
      first += one.get().first() / count;
      made += one.get().tokens();
    }
    return (System.nanoTime() - start) + " " + first + " " + made;
  }

  private Seen answer(Socket socket) throws IOException {
    String body =
        "{\"stream\":true,\"stream_options\":{\"include_usage\":true},\"seed\":7,\"max_tokens\":"
            + tokens
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    long start = System.nanoTime();
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    return readUntil(socket.getInputStream(), END, start);
  }

  private Socket socket(int index) throws IOException {
    while (sockets.size() <= index) {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      sockets.add(socket);
    }
    return sockets.get(index);
  }

  /** Reads up to and including {@code end}. */
  private static Seen readUntil(InputStream in, String end, long start) throws IOException {
    byte[] buffer = new byte[1 << 16];
    StringBuilder latest = new StringBuilder();
    long first = 0;
    for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
      latest.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
      if (first == 0 && latest.indexOf(CONTENT) >= 0) {
        first = System.nanoTime() - start;
      }
      if (latest.indexOf(end, latest.length() - end.length()) >= 0) {
        return new Seen(first, latest.toString());
      }
      if (first != 0 && latest.length() > 2 * KEPT) {
        latest.delete(0, latest.length() - KEPT);
      }
    }
    throw new IOException("The server closed the connection");
  }
}
