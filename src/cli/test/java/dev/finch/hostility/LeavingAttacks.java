package dev.finch.hostility;

import static dev.finch.RandomCases.oneOf;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask for much and leave, close half of their connection, or read next to nothing. */
final class LeavingAttacks {

  private static final String LONG_ANSWER =
      "{\"model\":\"builtin\",\"stream\":true,\"max_tokens\":900,\"options\":{\"num_predict\":900},"
          + "\"input\":\"Tell me a story\",\"logit_bias\":{\"1017\":-100,\"1019\":-100},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a long story about a bird\"}]}";
  private static final List<String> PATHS =
      List.of("/v1/chat/completions", "/v1/messages", "/v1/responses", "/api/chat");

  private LeavingAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack("cancelled streams", LeavingAttacks::cancelled),
        new Attack("a reset at once", LeavingAttacks::resetAtOnce),
        new Attack("a half-closed stream", LeavingAttacks::halfClosed),
        new Attack("slow readers", LeavingAttacks::slowReaders),
        new Attack("listeners to events", LeavingAttacks::listeners));
  }

  private static byte[] ask(Random random) {
    return Target.request(
        "POST",
        oneOf(random, PATHS),
        Target.key(ServedFinch.HOSTILE_KEY),
        LONG_ANSWER.getBytes(StandardCharsets.UTF_8));
  }

  private static String cancelled(Target target, Random random) throws IOException {
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      try (Socket socket = target.connect()) {
        Target.write(socket, ask(random));
        read(socket, random.nextInt(2000));
        socket.setSoLinger(random.nextBoolean(), 0);
      }
    }
    return "";
  }

  private static String resetAtOnce(Target target, Random random) throws IOException {
    for (int i = random.nextInt(1, 60); i > 0; i--) {
      try (Socket socket = target.connect()) {
        Target.write(socket, ask(random));
        socket.setSoLinger(true, 0);
      }
    }
    return "";
  }

  private static String halfClosed(Target target, Random random) throws IOException {
    try (Socket socket = target.connect()) {
      Target.write(socket, ask(random));
      read(socket, random.nextInt(500));
      socket.shutdownOutput();
      return Target.beginning(socket, Duration.ofSeconds(20));
    }
  }

  private static String slowReaders(Target target, Random random) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = random.nextInt(1, 12); i > 0; i--) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(2048);
        socket.connect(target.address(), 10_000);
        sockets.add(socket);
        Target.write(socket, ask(random));
      }
      for (int i = 0; i < 20; i++) {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        for (Socket socket : sockets) {
          read(socket, 1);
        }
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    return "";
  }

  private static String listeners(Target target, Random random) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = random.nextInt(1, 50); i > 0; i--) {
        Socket socket = target.connect();
        sockets.add(socket);
        Target.write(
            socket,
            Target.request(
                "GET", "/v1/finch/events", Target.key(ServedFinch.HOSTILE_KEY), new byte[0]));
        read(socket, 10);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    return "";
  }

  private static void read(Socket socket, int bytes) throws IOException {
    socket.setSoTimeout(500);
    try {
      for (int left = bytes; left > 0 && socket.getInputStream().read() >= 0; left--) {
        // Some of it.
      }
    } catch (SocketTimeoutException _) {
      // It has not begun yet.
    } catch (IOException _) {
      // It hung up.
    }
  }
}
