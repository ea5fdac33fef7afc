package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

  @Test
  void takesAHalfClosedConnectionForGone() throws IOException {
    SERVER.finch.script(_ -> ScriptedFinch.endless(Duration.ofMillis(20)));
    int ended = SERVER.finch.ended.get();
    try (RawSocket socket = RawSocket.connect(SERVER)) {
      socket.send(RawSocket.post(PATH, BODY));
      Await.until(() -> SERVER.finch.running.get() == 1);
      socket.socket.shutdownOutput();
      Await.until(() -> SERVER.finch.ended.get() == ended + 1);
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
