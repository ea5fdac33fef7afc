package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What one connection can throw at the parser in one write. An overflow in it would end this JVM,
 * as it ends the server's; after each another client gets its right answer from the real model.
 */
final class FloodIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION =
      "{\"model\":\"builtin\",\"max_tokens\":8,\"temperature\":0,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  private static RealServer server;
  private static String answer;

  @BeforeAll
  static void start() throws Exception {
    server = RealServer.builtin();
    answer = said();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<Flood> floods() {
    String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String post = "POST /v1/finch/count HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    String chunked =
        "POST /v1/finch/count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    return Stream.of(
        new Flood("800 GETs", live.repeat(800), 800),
        new Flood("20,000 GETs", live.repeat(20_000), 20_000),
        new Flood("the shortest", "GET / HTTP/1.0\n\n".repeat(20_000), 1),
        new Flood("800 POSTs", post.repeat(800), 800),
        new Flood(
            "5,000 HEADs",
            "HEAD /health/live HTTP/1.1\r\nHost: a.localhost\r\n\r\n".repeat(5000),
            5000),
        new Flood("unknown paths", live.replace("/health", "/nothing").repeat(3000), 3000),
        new Flood("wrong hosts", live.replace("localhost", "evil.example").repeat(3000), 3000),
        new Flood(
            "closing", live.replace("\r\nHost", "\r\nConnection: close\r\nHost").repeat(2000), 1),
        new Flood("empty chunked bodies", (chunked + "0\r\n\r\n").repeat(3000), 3000),
        new Flood("garbage between", (live + "\r\n\r\n").repeat(3000), 1),
        new Flood("one-byte chunks", chunked + "1\n \n".repeat(200_000) + "0\r\n\r\n", 1),
        new Flood("chunk extensions", chunked + "1;" + "a".repeat(100_000) + "\r\n", 1),
        new Flood("trailers", chunked + "0\r\n" + "A: b\r\n".repeat(10_000) + "\r\n", 1),
        new Flood(
            "10,000 headers", live.replace("\r\n\r\n", "\r\n" + "A: b\r\n".repeat(10_000)), 1),
        new Flood(
            "a header without end", live.replace("\r\n\r\n", "\r\nA: " + "b".repeat(1 << 20)), 1),
        new Flood(
            "a nested comment",
            live.replace("\r\n\r\n", "\r\nUser-Agent: " + "(".repeat(8000) + "\r\n\r\n"),
            1),
        new Flood("slashes", "GET " + "/".repeat(2000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 1),
        new Flood("empty lines", "\r\n".repeat(100_000), 1),
        new Flood("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".repeat(1000), 1));
  }

  @ParameterizedTest
  @MethodSource("floods")
  void anotherClientIsAnsweredAfter(Flood flood) throws Exception {
    InetSocketAddress address = server.frontEnd.address();
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      CompletableFuture<Integer> answers =
          CompletableFuture.supplyAsync(
              () -> statusLines(socket, flood.answers()), Thread::startVirtualThread);
      send(socket, flood.bytes());
      int came = waitFor(answers, flood.answers());

      assertTrue(came >= 1, flood + ": " + came);
      if (flood.answers() > 1) {
        assertEquals(flood.answers(), came, flood.name());
      }
    }
    assertEquals(answer, said());
    assertEquals(0, server.frontEnd.answersInFlight());
  }

  private static int waitFor(CompletableFuture<Integer> answers, int most) throws Exception {
    return answers.get(most == 1 ? 20 : 60, TimeUnit.SECONDS);
  }

  private static void send(Socket socket, String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
    } catch (IOException _) {
      // It was hung up on, which is an answer too.
    }
  }

  private static int statusLines(Socket socket, int most) {
    int count = 0;
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[1 << 16];
      StringBuilder tail = new StringBuilder();
      int read;
      while ((read = in.read(buffer)) >= 0) {
        tail.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        int at;
        while ((at = tail.indexOf("HTTP/1.1 ")) >= 0) {
          count++;
          if (most == 1) {
            // Only whether more come is still of interest.
            socket.setSoTimeout(500);
          }
          tail.delete(0, at + 9);
        }
        tail.delete(0, Math.max(0, tail.length() - 8));
        if (most > 1 && count >= most && in.available() == 0) {
          return count;
        }
      }
    } catch (IOException _) {
      // Whoever hangs up, or says no more.
    }
    return count;
  }

  private static String said() throws Exception {
    var response = server.post(CHAT, QUESTION);
    assertEquals(200, response.statusCode(), response.body());
    String body = response.body();
    return body.substring(body.indexOf("\"content\""), body.indexOf("\"usage\""));
  }

  record Flood(String name, String bytes, int answers) {
    @Override
    public String toString() {
      return name;
    }
  }
}
