package dev.finch.hostility;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Hub that lies as the repository's name tells it to. */
final class LyingHub implements AutoCloseable {

  /** Answers a request in its own way; false leaves it to the ordinary lie of a listing. */
  @FunctionalInterface
  interface Lie {
    boolean tell(HttpExchange exchange, String path) throws IOException;
  }

  private static final String OID = "ab".repeat(32);
  private static final String COMMIT = "a".repeat(40);
  private static final byte[] BLOCK = "A".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);

  /** It warns of each answer to HEAD that names a length. */
  private static final Logger SERVER_LOG = Logger.getLogger("com.sun.net.httpserver");

  static final Map<String, Lie> LIES = new LinkedHashMap<>();

  static {
    listing("a path upwards", file("../../../../pwned-q8_0.gguf", 1000));
    listing("an absolute path", file("/tmp/pwned-q8_0.gguf", 1000));
    listing("a NUL in a path", file("a\\u0000b-q8_0.gguf", 1000));
    listing("a long path", file("a".repeat(5000) + "-q8_0.gguf", 1000));
    listing("deep folders", file("a/".repeat(1500) + "m-q8_0.gguf", 1000));
    listing("escapes in a path", file("\\u001b]0;x\\u0007m-q8_0.gguf", 1000));
    listing("an endless size", file("m-q8_0.gguf", Long.MAX_VALUE));
    listing("a huge size", file("m-q8_0.gguf", 1_000_000_000_000_000_000L));
    listing("a negative size", file("m-q8_0.gguf", -5));
    listing("a wrong hash", file("m-q8_0.gguf", 1000));
    listing(
        "many parts",
        IntStream.range(1, 300)
            .mapToObj(i -> file("m-q8_0-%05d-of-00300.gguf".formatted(i), 1000))
            .collect(Collectors.joining(",")));
    LIES.put("pages without end", LyingHub::pages);
    LIES.put("a page without end", (exchange, _) -> endless(exchange, " "));
    LIES.put("deep JSON", (exchange, _) -> say(exchange, 200, "[".repeat(2_000_000)));
    LIES.put(
        "a long number",
        (exchange, _) -> say(exchange, 200, "{\"n\":" + "9".repeat(1_000_000) + "}"));
    LIES.put("a login page", (exchange, _) -> say(exchange, 200, "<html>login</html>"));
    LIES.put("redirects without end", LyingHub::redirect);
    // A second only: a host that asks for more is left alone for up to an hour, which is right.
    LIES.put("a refusal for now", LyingHub::wait);
    LIES.put("a cut", LyingHub::cut);
    LIES.put(
        "file bodies without end",
        (exchange, path) -> path.contains("/resolve/") && endless(exchange, ""));
  }

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  LyingHub() throws IOException {
    SERVER_LOG.setLevel(Level.OFF);
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 64);
    server.setExecutor(threads);
    server.createContext("/", LyingHub::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().toString();
      String name = path.replaceFirst(".*/evil/([^/?]*).*", "$1").replace('-', ' ');
      Lie lie = LIES.get(name);
      if (lie == null || !lie.tell(exchange, path)) {
        ordinary(exchange, path, file("m-q8_0.gguf", 1000));
      }
    }
  }

  private static boolean ordinary(HttpExchange exchange, String path, String files)
      throws IOException {
    if (path.contains("/resolve/")) {
      exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
      exchange.getResponseHeaders().add("ETag", "\"" + OID + "\"");
      return say(exchange, 200, "G".repeat(1000));
    }
    String body =
        path.contains("/tree/") || path.contains("/paths-info/")
            ? "[" + files + "]"
            : "{\"sha\":\"" + COMMIT + "\"}";
    return say(exchange, 200, body);
  }

  private static void listing(String name, String files) {
    LIES.put(name, (exchange, path) -> ordinary(exchange, path, files));
  }

  private static String file(String path, long size) {
    return ("{\"type\":\"file\",\"path\":\"%s\",\"size\":%d,\"oid\":\"%s\","
            + "\"lfs\":{\"oid\":\"%s\",\"size\":%d}}")
        .formatted(path, size, COMMIT, OID, size);
  }

  private static boolean pages(HttpExchange exchange, String path) throws IOException {
    if (!path.contains("/tree/")) {
      return false;
    }
    exchange.getResponseHeaders().add("Link", "<" + path + "&n>; rel=\"next\"");
    String page =
        IntStream.range(0, 5000)
            .mapToObj(i -> file(i + ".bin", 7))
            .collect(Collectors.joining(","));
    return say(exchange, 200, "[" + page + "]");
  }

  private static boolean redirect(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().add("Location", path + "x");
    return say(exchange, 302, "");
  }

  private static boolean wait(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().add("Retry-After", "1");
    return say(exchange, 429, path);
  }

  private static boolean cut(HttpExchange exchange, String path) throws IOException {
    exchange.sendResponseHeaders(200, 1_000_000);
    exchange.getResponseBody().write(path.getBytes(StandardCharsets.UTF_8));
    throw new IOException("cut");
  }

  private static boolean endless(HttpExchange exchange, String begin) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(begin.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 10_000; i++) {
      exchange.getResponseBody().write(BLOCK);
    }
    return true;
  }

  private static boolean say(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(bytes.length));
    }
    exchange.sendResponseHeaders(status, head || bytes.length == 0 ? -1 : bytes.length);
    if (!head && bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    return true;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
