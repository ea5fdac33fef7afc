package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A Claude on this machine for tests: speaks the Messages API over plain sockets, answers as
 * scripted, can misbehave at every byte, and records what it was sent. Thread-safe.
 *
 * <p>Each {@code POST /v1/messages} plays the next enqueued {@link ClaudeScript}, or the standing
 * one where none is enqueued. {@code GET /v1/models} and {@code POST /v1/messages/count_tokens}
 * answer by themselves.
 */
public final class LoopbackClaude implements AutoCloseable {

  /** One request as it came. */
  public record Received(
      String method, String path, Map<String, String> headers, ByteString body, int connection) {

    /** The body as JSON. */
    public JsonNode json() {
      return ScriptJson.parse(body.toArray());
    }

    /** A header's value by lower-case name, or an empty text. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private final ServerSocket server;
  private final Queue<ClaudeScript> enqueued = new ConcurrentLinkedQueue<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Received> arrivals = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> abandoned = new LinkedBlockingQueue<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong bytesIn = new AtomicLong();
  private final AtomicLong bytesOut = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile ClaudeScript standing = ClaudeScript.text("Hello from Claude.");
  private volatile ClaudeScript models = ClaudeScript.json(200, ClaudeScript.MODELS);
  private volatile ClaudeScript count = ClaudeScript.json(200, "{\"input_tokens\":42}");

  private LoopbackClaude(ServerSocket server) {
    this.server = server;
  }

  /** Starts one on 127.0.0.1 at a free port. */
  public static LoopbackClaude start() {
    return start(0);
  }

  /** Starts one on 127.0.0.1 at this port. */
  public static LoopbackClaude start(int port) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 512);
      LoopbackClaude claude = new LoopbackClaude(server);
      Thread.ofPlatform().daemon().name("loopback-claude").start(claude::accept);
      return claude;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs one as a process of its own until standard input ends: {@code [port] [answer]}. The first
   * line of standard output is its base URL.
   */
  public static void main(String[] args) throws IOException {
    try (LoopbackClaude claude = start(args.length > 0 ? Integer.parseInt(args[0]) : 0)) {
      if (args.length > 1) {
        claude.answerAlways(ClaudeScript.text(args[1]));
      }
      System.out.println(claude.url());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Runs until the parent closes its end or dies.
      }
    }
  }

  /** The base URL, for {@code ANTHROPIC_BASE_URL} or {@code finch.cloud.endpoint}. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** Plays these for the next messages, in order. */
  public LoopbackClaude enqueue(ClaudeScript... scripts) {
    enqueued.addAll(List.of(scripts));
    return this;
  }

  /** Plays this for every message for which nothing is enqueued. */
  public LoopbackClaude answerAlways(ClaudeScript script) {
    standing = script;
    return this;
  }

  /** Plays this for {@code GET /v1/models}. */
  public LoopbackClaude models(ClaudeScript script) {
    models = script;
    return this;
  }

  /** Plays this for {@code POST /v1/messages/count_tokens}. */
  public LoopbackClaude count(ClaudeScript script) {
    count = script;
    return this;
  }

  /** Every {@code POST /v1/messages} so far. */
  public List<Received> messages() {
    return received.stream().filter(it -> it.path().matches("/v1/messages(\\?.*)?")).toList();
  }

  /** Every request so far. */
  public List<Received> requests() {
    return List.copyOf(received);
  }

  /** Forgets what came, so that a long run does not fill this JVM. */
  public void forget() {
    received.clear();
    arrivals.clear();
  }

  /** Waits for the next {@code POST /v1/messages} that nobody has awaited yet. */
  public Received awaitMessage() throws InterruptedException {
    return awaited(arrivals, "no message came");
  }

  /** Waits until a client leaves while a script {@link Wire#awaitAbandoned waits for that}. */
  public void awaitAbandoned() throws InterruptedException {
    awaited(abandoned, "no client left");
  }

  /** Bytes of message bodies received. */
  public long bytesIn() {
    return bytesIn.get();
  }

  /** Bytes of message response bodies sent, without HTTP's framing. */
  public long bytesOut() {
    return bytesOut.get();
  }

  /** Connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Stops listening and cuts every connection. */
  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T awaited(BlockingQueue<T> queue, String otherwise)
      throws InterruptedException {
    T element = queue.poll(30, TimeUnit.SECONDS);
    if (element == null) {
      throw new AssertionError(otherwise + " within 30 s");
    }
    return element;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, number));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      boolean open = true;
      while (open) {
        Received request = read(in, number);
        if (request == null) {
          return;
        }
        received.add(request);
        open = play(request, new Wire(socket, in, request, this));
      }
    } catch (IOException e) {
      // The client left, or the script cut the connection: both are what tests ask for.
    } finally {
      sockets.remove(socket);
    }
  }

  private boolean play(Received request, Wire wire) throws IOException {
    String call = request.method() + " " + request.path().replaceFirst("\\?.*", "");
    ClaudeScript script =
        switch (call) {
          case "POST /v1/messages" -> {
            bytesIn.addAndGet(request.body().size());
            arrivals.add(request);
            ClaudeScript next = enqueued.poll();
            yield next == null ? standing : next;
          }
          case "GET /v1/models" -> models;
          case "POST /v1/messages/count_tokens" -> count;
          default -> ClaudeScript.error(404, "not_found_error", "Not found: " + call);
        };
    script.play(request, wire);
    return wire.endMessage();
  }

  void countSent(Received request, int bytes) {
    if (request.path().equals("/v1/messages")) {
      bytesOut.addAndGet(bytes);
    }
  }

  void abandoned(Received request) {
    abandoned.add(request.path());
  }

  private static @Nullable Received read(InputStream in, int connection) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] words = first.split(" ", -1);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    ByteString body = ByteString.fromArrayUnsafe(in.readNBytes(length));
    return new Received(words[0], words[1], Map.copyOf(headers), body, connection);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** The longest that a script waits for a client to leave. */
  static final Duration PATIENCE = Duration.ofSeconds(20);
}
