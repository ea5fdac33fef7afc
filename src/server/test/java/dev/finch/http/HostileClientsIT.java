package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Clients that break the rules, over raw sockets. */
final class HostileClientsIT {

  private static final Server SERVER =
      Server.start(
          """
          finch.http.keep-alive = 700ms
          finch.http.body-timeout = 700ms
          finch.http.limits { body = 64 KiB, header = 1 KiB, connections = 3000 }
          """);
  private static final String PATH = "/v1/chat/completions";
  private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void reset() {
    SERVER.finch.script(_ -> ScriptedFinch.says("Hello, ", "world."));
  }

  @Test
  void endsAConnectionWhoseHeadDripsIn() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n");
      long start = System.nanoTime();
      boolean open = true;
      while (open && Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10) {
        open = drips(socket);
      }
      assertFalse(open);
    }
  }

  @Test
  void endsABodyThatDripsIn() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{");

      assertTrue(socket.readAll().startsWith("HTTP/1.1 408"));
    }
  }

  @Test
  void refusesABodyThatIsTooLongBeforeAndWhileItComes() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n");

      assertTrue(socket.readUntil("}}").startsWith("HTTP/1.1 413"));
    }
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(
          "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "8000\r\n" + " ".repeat(0x8000) + "\r\n";
      socket.send(chunk + chunk + chunk);

      assertTrue(socket.readUntil("}}").startsWith("HTTP/1.1 413"));
    }
  }

  @Test
  void refusesAHeaderThatIsTooLong() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(5000) + "\r\n\r\n");

      assertTrue(socket.readAll().startsWith("HTTP/1.1 431"));
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.send(live + RawSocket.post(PATH, BODY) + live);

      assertTrue(socket.readUntil("\"live\"}").contains("200 OK"));
      assertTrue(socket.readUntil("}}}").contains("Hello, world."));
      assertTrue(socket.readUntil("\"live\"}").contains("200 OK"));
    }
  }

  @Test
  void answersARequestThatAsksToCloseTheConnection() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(RawSocket.post(PATH, BODY).replaceFirst("\r\n", "\r\nConnection: close\r\n"));

      assertTrue(socket.readAll().contains("Hello, world."));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nhi\r\n0\r\n\r\n",
        "-1\r\nhi\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nhi\r\n",
        "2\r\nhi!!\r\n0\r\n\r\n"
      })
  void aChunkThatIsNoneIsABadRequest(String body) throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(
          "POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      socket.send(body);

      String answer = socket.readAll();
      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      assertTrue(answer.contains("The body cannot be read"), answer);
    }
  }

  @Test
  void aConnectionThatIsResetWithinABodyIsNoErrorOfTheServer() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger("dev.finch.http");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.setContext(log.getLoggerContext());
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    log.setLevel(Level.INFO);
    log.addAppender(lines);
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
              + "Content-Length: 99\r\n\r\n");
      // The body is awaited now.
      assertTrue(socket.readUntil("\r\n\r\n").contains("100 Continue"));
      socket.socket.setSoLinger(true, 0);
    }
    Await.until(() -> lines.list.stream().anyMatch(line -> line.toString().contains(PATH)));
    log.detachAppender(lines);
    log.setLevel(null);

    assertEquals(
        List.of(), lines.list.stream().filter(line -> line.getLevel() == Level.ERROR).toList());
  }

  @Test
  void chunksInHttp10AreABadRequest() throws IOException {
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(
          "POST " + PATH + " HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      socket.send("2\r\n{}\r\n0\r\n\r\n");

      String answer = socket.readAll();
      assertTrue(answer.contains(" 400 "), answer);
    }
  }

  @Test
  void halfSentBodiesTakeNobodysPlace() throws Exception {
    try (Server server =
        Server.start(
            """
            finch.http.body-timeout = 30s
            finch.http.limits { answers = 4, answers-per-key = 4, unfinished-bodies = 16 }
            """)) {
      List<RawSocket> halves = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        RawSocket half = RawSocket.connect(server);
        half.send("POST " + PATH + " HTTP/1.1\r\nHost: a.localhost\r\nContent-Length: 99\r\n\r\n{");
        halves.add(half);
      }
      assertTrue(halves.getFirst().readUntil("}}").startsWith("HTTP/1.1 408"));
      assertEquals(200, server.post(PATH, BODY).statusCode());
      assertEquals(0, server.frontEnd.answersInFlight());
      for (RawSocket half : halves) {
        half.close();
      }
    }
  }

  @Test
  void bodiesTakeNoMoreMemoryThanTheBound() throws Exception {
    try (Server server = Server.start("finch.http.limits { body = 1 MiB, all-bodies = 4 MiB }")) {
      List<RawSocket> senders = new ArrayList<>();
      String head =
          "POST " + PATH + " HTTP/1.1\r\nHost: a.localhost\r\nContent-Length: 1048576\r\n\r\n";
      byte[] most = " ".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 12; i++) {
        RawSocket sender = RawSocket.connect(server);
        sender.send(head);
        sender.send(most);
        senders.add(sender);
      }
      assertTrue(senders.getFirst().readUntil("}}").startsWith("HTTP/1.1 408"));
      assertEquals(200, server.post(PATH, BODY).statusCode());
      for (RawSocket sender : senders) {
        sender.close();
      }
    }
  }

  @Test
  void wrongKeysAreSlowedDownAndTheRightOneIsNot() throws Exception {
    try (Server server = Server.start("finch.http.api-keys = [\"key-of-ann\"]")) {
      int refused = 0;
      for (int i = 0; i < 22; i++) {
        int status = server.get("/v1/models", "x-api-key", "guess-" + i).statusCode();
        refused += status == 401 ? 1 : 0;
        assertTrue(status == 401 || status == 429, "" + status);
      }
      assertTrue(refused <= 21, refused + " guesses were not slowed down");
      long start = System.nanoTime();
      assertEquals(200, server.get("/v1/models", "x-api-key", "key-of-ann").statusCode());
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 900);
    }
  }

  /** Guesses from the very address of honest callers, on every surface, all at once. */
  @Test
  void guessesAreBrakedOnEverySurfaceAndHonestKeysAreNot() throws Exception {
    try (Server server = Server.start("finch.http.api-keys = [\"key-of-ann\"]")) {
      List<CompletableFuture<HttpResponse<String>>> guesses = new ArrayList<>();
      List<String> paths =
          List.of("/v1/models", "/api/tags", "/v1/finch/status", PATH, "/v1/messages", "/none");
      long start = System.nanoTime();
      for (int i = 0; i < 70; i++) {
        HttpRequest guess =
            HttpRequest.newBuilder(server.uri(paths.get(i % paths.size())))
                .header(i % 2 == 0 ? "x-api-key" : "Authorization", "Bearer guess-" + i)
                .build();
        guesses.add(server.client.sendAsync(guess, HttpResponse.BodyHandlers.ofString()));
      }
      for (int i = 0; i < 20; i++) {
        long asked = System.nanoTime();
        assertEquals(200, server.get("/v1/models", "x-api-key", "key-of-ann").statusCode());
        assertTrue(Duration.ofNanos(System.nanoTime() - asked).toMillis() < 900);
      }
      List<Integer> statuses = guesses.stream().map(guess -> guess.join().statusCode()).toList();

      assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(WrongKeys.WAIT) >= 0);
      long refused = statuses.stream().filter(status -> status == 401).count();
      assertTrue(refused >= 20 && refused <= 25, "" + statuses);
      assertEquals(70 - refused, statuses.stream().filter(status -> status == 429).count());
    }
  }

  @Test
  void noMoreConnectionsAreServedThanTheBound() throws Exception {
    String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Server server = Server.start("finch.http.limits.connections = 2")) {
      server.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(20)));
      try (RawSocket first = answering(server);
          RawSocket _ = answering(server);
          RawSocket third = RawSocket.connect(server)) {
        third.send(live);
        third.socket.setSoTimeout(300);
        assertThrows(SocketTimeoutException.class, () -> third.readUntil("}"));
        first.close();
        third.socket.setSoTimeout(10_000);
        assertTrue(third.readUntil("\"live\"}").contains("200 OK"));
      }
    }
  }

  private static RawSocket answering(Server server) throws IOException {
    RawSocket socket = RawSocket.connect(server);
    socket.send(RawSocket.post(PATH, BODY.replace("{\"m", "{\"stream\":true,\"m")));
    assertTrue(socket.readUntil("token ").contains("200 OK"));
    return socket;
  }

  @Test
  void whatOverflowsTheStackIsThatRequestsFailure() throws Exception {
    SERVER.finch.thrown = new StackOverflowError();
    HttpResponse<String> failed = SERVER.post("/v1/messages/count_tokens", BODY);
    SERVER.finch.thrown = null;

    assertEquals(400, failed.statusCode());
    assertTrue(failed.body().contains("nested more deeply"), failed.body());
    assertTrue(SERVER.post(PATH, BODY).body().contains("Hello, world."));
  }

  @Test
  void aTreeOfManySmallValuesIsRefusedBeforeItIsBuilt() throws Exception {
    try (Server server = Server.start("")) {
      String many = "{\"messages\":[" + "[],".repeat(2_000_000) + "[]]}";

      assertEquals(400, server.post(PATH, many).statusCode());
    }
  }

  @Test
  void answersMalformedBodiesWithABadRequestAndNothingOfTheInside() throws Exception {
    Random random = new Random(7);
    byte[] valid =
        ("{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"hé 🐦\"}],"
                + "\"temperature\":0.5,\"tools\":[{\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"parameters\":{}}}]}")
            .getBytes(StandardCharsets.UTF_8);
    List<String> paths =
        List.of(PATH, "/v1/messages", "/v1/responses", "/api/chat", "/v1/finch/generate");
    for (int i = 0; i < 300; i++) {
      byte[] mutated = mutated(valid, random);
      HttpRequest request =
          HttpRequest.newBuilder(SERVER.uri(paths.get(i % paths.size())))
              .POST(HttpRequest.BodyPublishers.ofByteArray(mutated))
              .build();
      HttpResponse<String> response =
          SERVER.client.send(request, HttpResponse.BodyHandlers.ofString());

      String what = new String(mutated, StandardCharsets.ISO_8859_1) + "\n" + response.body();
      assertTrue(response.statusCode() < 500, what);
      assertFalse(response.body().contains("Exception"), what);
    }
    String deep = "[".repeat(5000);
    assertEquals(400, SERVER.post(PATH, deep).statusCode());
    assertEquals(400, SERVER.post(PATH, "{\"a\":1,\"a\":2}").statusCode());
  }

  @Test
  void droppedConnectionsLeaveNothingBehind() throws Exception {
    SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(50)));
    dropped(200);
    long sockets = descriptors();
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    long heap = heapAfterCollection();
    dropped(2000);

    Await.until(() -> descriptors() <= sockets + 8);
    // Pools of this JVM may still grow by a few; a leak would be one for each connection.
    assertTrue(
        ManagementFactory.getThreadMXBean().getThreadCount() <= threads + 20, "threads grew");
    assertTrue(heapAfterCollection() - heap < 24L << 20, "heap grew");
    assertEquals(0, SERVER.frontEnd.answersInFlight());
  }

  private static void dropped(int count) throws IOException {
    for (int done = 0; done < count; done += 50) {
      List<RawSocket> sockets = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        RawSocket socket = RawSocket.connect(SERVER);
        socket.send(RawSocket.post(PATH, BODY.replace("{\"m", "{\"stream\":true,\"m")));
        sockets.add(socket);
      }
      for (int i = 0; i < sockets.size(); i++) {
        if (i % 2 == 0) {
          sockets.get(i).readUntil("token ");
        }
        sockets.get(i).socket.setSoLinger(i % 3 == 0, 0);
        sockets.get(i).close();
      }
    }
    Await.until(() -> SERVER.finch.running.get() == 0 && SERVER.frontEnd.answersInFlight() == 0);
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] copy = valid.clone();
    for (int i = 0; i <= random.nextInt(3); i++) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? java.util.Arrays.copyOf(copy, random.nextInt(copy.length))
        : copy;
  }

  private static boolean drips(RawSocket socket) {
    try {
      socket.send("X");
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static long descriptors() {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static long heapAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
