package dev.finch.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who takes all places and says nothing, again and again, beside one who asks. */
final class OpenConnectionsIT {

  private static final String LIVE =
      "GET /health/live HTTP/1.1\r\nHost: a.localhost\r\nConnection: close\r\n\r\n";
  private static final String SETTINGS =
      """
      finch.http.api-keys = ["key-of-ann"]
      finch.http.limits.connections = 256
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET / HT",
        "GET /health/live HTTP/1.1\r\nHost: a.localhost\r\nX-Slow: ",
        "GET /health/live HTTP/1.1\r\nHost: a.localhost\r\n\r\n",
        "POST /v1/messages HTTP/1.1\r\nHost: a.localhost\r\nContent-Length: 99\r\n\r\n{",
      })
  void answersWhoAsksWhileTheRestIsSilent(String sent) throws Exception {
    try (Server server = Server.start(SETTINGS);
        Attack attack = Attack.of(server, sent, 400)) {
      Await.until(() -> attack.opened.get() >= 256);
      for (int i = 0; i < 20; i++) {
        try (RawSocket honest = RawSocket.connect(server)) {
          honest.socket.setSoTimeout(5_000);
          honest.send(LIVE);
          assertTrue(honest.readAll().contains("200 OK"));
        }
      }
    }
  }

  @Test
  void dropsNobodyWhoIsBeingAnswered() throws Exception {
    String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true}";
    try (Server server = Server.start(SETTINGS);
        RawSocket asking = RawSocket.connect(server)) {
      server.finch.script(_ -> ScriptedFinch.endless(java.time.Duration.ofMillis(20)));
      asking.send(
          RawSocket.post("/v1/chat/completions", chat)
              .replaceFirst("\r\n", "\r\nAuthorization: Bearer key-of-ann\r\n"));
      asking.readUntil("token ");
      try (Attack attack = Attack.of(server, "", 400)) {
        Await.until(() -> attack.opened.get() >= 1_000);
        asking.readUntil("token ");
        assertEquals(1, server.finch.running.get());
      }
    }
  }

  @Test
  void keepsTheConnectionsOfAFewWhoWait() throws Exception {
    try (Server server = Server.start(SETTINGS)) {
      List<RawSocket> idle =
          IntStream.range(0, 200)
              .mapToObj(
                  _ -> {
                    try {
                      return RawSocket.connect(server);
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  })
              .toList();
      for (RawSocket one : idle) {
        one.send(LIVE.replace("Connection: close\r\n", ""));
        assertTrue(one.readUntil("\"live\"}").contains("200 OK"));
      }
      for (RawSocket one : idle) {
        one.send(LIVE);
        assertTrue(one.readAll().contains("200 OK"));
        one.close();
      }
    }
  }

  /** Sockets that are opened anew as soon as they are dropped. */
  private record Attack(AtomicBoolean over, Set<RawSocket> sockets, AtomicInteger opened)
      implements AutoCloseable {

    static Attack of(Server server, String sent, int count) {
      Attack attack =
          new Attack(new AtomicBoolean(), ConcurrentHashMap.newKeySet(), new AtomicInteger());
      for (int i = 0; i < count; i++) {
        Thread.startVirtualThread(() -> attack.again(server, sent));
      }
      return attack;
    }

    private void again(Server server, String sent) {
      while (!over.get()) {
        try (RawSocket socket = RawSocket.connect(server)) {
          socket.socket.setSoTimeout(0);
          sockets.add(socket);
          socket.send(sent.getBytes(StandardCharsets.US_ASCII));
          opened.incrementAndGet();
          if (!over.get()) {
            socket.readAll();
          }
        } catch (IOException _) {
          // It was dropped, and comes again.
        }
      }
    }

    @Override
    public void close() throws IOException {
      over.set(true);
      for (RawSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
