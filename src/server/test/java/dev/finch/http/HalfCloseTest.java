package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that close their sending half after the request and wait, as {@code nc -N}, PHP and
 * Erlang do, and clients that are gone, which looks the same (RFC 9112, section 9.6).
 */
final class HalfCloseTest {

  /** No keep-alive of a stream finds anybody here. */
  private static final Server SERVER =
      Server.start("finch.http { heartbeat = 55s, head-wait = 300ms }");

  private static final Server EAGER = Server.start("finch.http { heartbeat = 55s, head-wait = 0 }");
  private static final String PATH = "/v1/chat/completions";

  private static final String OWN =
      "{\"prompt\":{\"type\":\"conversation\",\"messages\":[{\"role\":\"USER\",\"content\":\"hi\"}]}}";

  @AfterAll
  static void stop() {
    SERVER.close();
    EAGER.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, 'HTTP/1.1', 'Accept: */*'",
    "/v1/completions, 'HTTP/1.1', 'Accept: */*'",
    "/v1/responses, 'HTTP/1.1', 'Accept: */*'",
    "/v1/messages, 'HTTP/1.1', 'Accept: */*'",
    "/api/chat, 'HTTP/1.1', 'Accept: */*'",
    "/api/generate, 'HTTP/1.1', 'Accept: */*'",
    "/v1/finch/generate, 'HTTP/1.1', 'Accept: */*'",
    "/v1/chat/completions, 'HTTP/1.1', 'Connection: keep-alive'",
    "/v1/chat/completions, 'HTTP/1.1', 'Connection: close'",
    "/v1/chat/completions, 'HTTP/1.0', 'Accept: */*'",
  })
  void getTheirAnswerStreamedOrNot(String path, String version, String header) throws Exception {
    for (int delay : new int[] {0, 30, 500}) {
      for (boolean stream : new boolean[] {false, true}) {
        says("Hello, ", "half.", delay);
        String request =
            RawSocket.post(path, bodyFor(path, stream)).replaceFirst("HTTP/1.1", version);

        String answer = halfClosed(request.replaceFirst("\r\nHost", "\r\n" + header + "\r\nHost"));

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
        assertTrue(answer.contains("half."), answer);
        assertTrue(isWhole(answer), answer);
      }
    }
  }

  @Test
  void getTheirAnswerToAChunkedBody() throws Exception {
    says("Hello, ", "half.", 400);
    String body = body(false);
    String request =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
            .formatted(PATH, body.length(), body);

    String answer = halfClosed(request);

    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.contains("half."), answer);
  }

  @Test
  void getAllAnswersToWhatTheyAskedInARow() throws Exception {
    says("Hello, ", "half.", 400);
    String stream = RawSocket.post(PATH, body(true));
    String whole = RawSocket.post(PATH, body(false));

    String answers = halfClosed(whole + stream + whole + stream + whole + whole);

    assertEquals(6, answers.split("HTTP/1\\.1 200 OK\r\n", -1).length - 1, answers);
    assertEquals(6, answers.split("half\\.", -1).length - 1, answers);
  }

  /** At whatever point of their answers the end of what they send is seen. */
  @Test
  void theirConnectionEndsWithTheLastAnswer() throws Exception {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello."));
    String stream = RawSocket.post(PATH, body(true));
    String whole = RawSocket.post(PATH, body(false));
    for (int round = 0; round < 100; round++) {
      for (String asked : List.of(whole + stream + whole, stream + whole, stream.repeat(3))) {
        String answers = halfClosed(asked);
        int count = asked.split("POST ", -1).length;
        assertEquals(count, answers.split("HTTP/1\\.1 200 OK\r\n", -1).length, answers);
      }
    }
  }

  @Test
  void getTheFailureInItsStatus() throws Exception {
    SERVER.finch.script(
        _ ->
            Source.<dev.finch.inference.AnswerEvent>failed(new IllegalStateException("no"))
                .initialDelay(Duration.ofMillis(200)));

    assertTrue(halfClosed(RawSocket.post(PATH, body(false))).startsWith("HTTP/1.1 500 "));
    assertTrue(halfClosed(RawSocket.post("/none", body(false))).startsWith("HTTP/1.1 404 "));
    String half = RawSocket.post(PATH, body(false));
    String cut = halfClosed(half.substring(0, half.length() - 5));
    assertTrue(cut.isEmpty() || cut.startsWith("HTTP/1.1 400 "), cut);
  }

  /** Also on a connection that had answers before, of both kinds. */
  @ParameterizedTest
  @CsvSource({"false, 0", "true, 0", "false, 1", "true, 1", "false, 2", "true, 2"})
  void whoIsGoneIsFound(boolean stream, int before) throws Exception {
    for (Server server : List.of(SERVER, EAGER)) {
      int ended;
      try (RawSocket socket = RawSocket.connect(server)) {
        server.finch.script(_ -> ScriptedFinch.says("Hello."));
        for (int i = 0; i < before; i++) {
          socket.send(RawSocket.post(PATH, body(i == 0)));
          socket.readUntil(i == 0 ? "0\r\n\r\n" : "}}}");
        }
        // With what is unread a connection is reset, which says it at once.
        server.finch.script(_ -> Source.never());
        ended = server.finch.ended.get();
        socket.send(RawSocket.post(PATH, body(stream)));
        Await.until(() -> server.finch.running.get() == 1);
      }
      long start = System.nanoTime();
      Await.until(() -> server.finch.ended.get() == ended + 1);
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoWaitedAndThenLeftIsFound(boolean stream) throws Exception {
    SERVER.finch.script(_ -> Source.never());
    int ended = SERVER.finch.ended.get();
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(RawSocket.post(PATH, body(stream)));
      socket.closeSending();
      socket.readUntil(stream ? "\r\n\r\n" : "HTT");

      assertEquals(1, SERVER.finch.running.get());
    }
    Await.until(() -> SERVER.finch.ended.get() == ended + 1);
  }

  /** Work for nobody ends with the second frame after the client has left. */
  @Test
  void aStreamEndsWithTheFramesThatNobodyTook() throws Exception {
    SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(20)));
    int ended = SERVER.finch.ended.get();
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(RawSocket.post(PATH, body(true)));
      socket.closeSending();
      socket.readUntil("token ");
      socket.readUntil("token ");

      assertEquals(1, SERVER.finch.running.get());
    }
    Await.until(() -> SERVER.finch.ended.get() == ended + 1);
  }

  @Test
  void aConnectionThatIsOwedNothingIsClosedWithoutAWord() throws Exception {
    assertEquals("", halfClosed(""));
    assertTrue(halfClosed("GET /health").startsWith("HTTP/1.1 400 "));
    String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assertTrue(halfClosed(live).endsWith("\"live\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 200 OK~Content-Length: 2~~hi | true",
        "HTTP/1.1 200 OK~Content-Length: 3~~hi | false",
        "HTTP/1.1 200 OK~Content-Length: 12~~hi | false",
        "HTTP/1.1 204 No Content~~ | false",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~ | false",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~^5~0~~~^0~~ | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~^7~~0~~~^HTTP/1.1 200 | false",
        "HTTP/1.1 100 Continue~~^HTTP/1.1 200 OK~Content-Length: 0~~ | true",
        "HTTP/1.1 200 OK~~^0~~ | false",
      })
  void knowsWhereAnAnswerBegins(String pieces, boolean between) {
    var boundary = new HalfCloseProbe.ResponseBoundary();
    assertTrue(boundary.isBetween());
    for (String piece : pieces.replace("~", "\r\n").split("\\^")) {
      boundary.passed(ByteString.fromArray(piece.getBytes(StandardCharsets.US_ASCII)));
    }
    assertEquals(between, boundary.isBetween());
  }

  private static boolean isWhole(String answer) {
    String[] parts = answer.split("\r\n\r\n", 2);
    Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(parts[0]);
    if (length.find()) {
      return parts[1].length() == Integer.parseInt(length.group(1));
    }
    return !parts[0].contains("chunked") || parts[1].endsWith("\r\n0\r\n\r\n");
  }

  private static void says(String first, String second, int delayMillis) {
    SERVER.finch.script(
        _ -> ScriptedFinch.says(first, second).initialDelay(Duration.ofMillis(delayMillis)));
  }

  private static String bodyFor(String path, boolean stream) {
    return switch (path) {
      case "/v1/finch/generate" -> OWN;
      case "/v1/responses" -> body(stream).replace("prompt", "other");
      default -> body(stream);
    };
  }

  private static String body(boolean stream) {
    return "{\"model\":\"auto\",\"stream\":"
        + stream
        + ",\"max_tokens\":9,\"prompt\":\"hi\",\"input\":\"hi\","
        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  }

  private static String halfClosed(String request) throws Exception {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(request);
      socket.closeSending();
      return socket.readAll();
    }
  }
}
