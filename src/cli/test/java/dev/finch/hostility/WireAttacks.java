package dev.finch.hostility;

import static dev.finch.hostility.Target.key;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Floods, halves and bytes that are no HTTP. */
final class WireAttacks {

  private static final String HOST = " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  private static final String LIVE = "GET /health/live" + HOST + "\r\n";
  private static final String CHAT = "POST /v1/chat/completions" + HOST;
  private static final String KEY = key(ServedFinch.HOSTILE_KEY);
  private static final String BODY =
      "{\"model\":\"builtin\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final Duration SHORT = Duration.ofMillis(1500);

  private WireAttacks() {}

  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    flood(all, "GETs in one write", r -> LIVE.repeat(r.nextInt(600, 20_000)));
    flood(all, "the shortest requests", r -> "GET / HTTP/1.0\n\n".repeat(r.nextInt(20_000)));
    flood(all, "guarded GETs", r -> ("GET /v1/models" + HOST + "\r\n").repeat(r.nextInt(5000)));
    flood(all, "with a key", r -> ("GET /v1/models" + HOST + KEY + "\r\n").repeat(r.nextInt(1000)));
    flood(all, "HEADs", r -> LIVE.replace("GET", "HEAD").repeat(r.nextInt(5000)));
    flood(
        all,
        "POSTs in one write",
        r ->
            ("POST /v1/finch/count" + HOST + KEY + "Content-Length: 2\r\n\r\n{}")
                .repeat(r.nextInt(1000)));
    flood(all, "empty lines", r -> "\r\n".repeat(r.nextInt(100_000)));
    flood(all, "HTTP/2", r -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".repeat(r.nextInt(1, 1000)));
    flood(all, "many headers", r -> LIVE.replace("\r\n\r\n", "\r\n" + lines(r) + "\r\n"));
    flood(all, "a long header", r -> LIVE.replace("\r\n\r\n", "\r\nA: " + "b".repeat(long1(r))));
    flood(all, "a long path", r -> "GET /" + "a".repeat(long1(r)) + HOST + "\r\n");
    flood(all, "slashes", r -> "GET " + "/".repeat(r.nextInt(1, 2040)) + HOST + "\r\n");
    flood(
        all,
        "a nested comment",
        r -> LIVE.replace("\r\n\r\n", "\r\nUser-Agent: " + "(".repeat(8000) + "\r\n\r\n"));
    flood(all, "one-byte chunks", r -> chunked("1\r\n \r\n".repeat(r.nextInt(200_000))));
    flood(all, "a chunk extension", r -> chunked("1;" + "a".repeat(long1(r)) + "\r\n"));
    flood(all, "trailers", r -> chunked("2\r\n{}\r\n0\r\n" + lines(r) + "\r\n"));
    for (String size :
        List.of("zz", "-1", "FFFFFFFFFFFFFFFFF", "7fffffff", "0x2", "", " 2", "2 ")) {
      flood(all, "the chunk size '" + size + "'", _ -> chunked(size + "\r\n{}\r\n0\r\n\r\n"));
    }
    for (String framing : framings()) {
      flood(all, framing.strip(), _ -> CHAT + KEY + framing + "\r\n" + BODY);
    }
    flood(all, "chunks in HTTP/1.0", _ -> chunked("2\r\n{}\r\n0\r\n\r\n").replace("/1.1", "/1.0"));
    flood(all, "a bare LF", _ -> (CHAT + KEY + "Content-Length: 2\r\n\r\n{}").replace("\r", ""));
    flood(
        all,
        "a TLS hello",
        _ -> "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");
    flood(all, "random bytes", WireAttacks::noise);
    all.add(new Attack("a damaged request", WireAttacks::damaged));
    all.add(new Attack("half-sent bodies", WireAttacks::halves));
    all.add(new Attack("slow heads", WireAttacks::slowHeads));
    all.add(new Attack("idle connections", WireAttacks::idle));
    return all;
  }

  private static List<String> framings() {
    int length = BODY.length();
    return List.of(
        "Content-Length: " + length + "\r\nContent-Length: " + (length + 5) + "\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +" + length + "\r\n",
        "Content-Length: 0x40\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 9223372036854775807\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-A: b\r\n c\r\nContent-Length: " + length + "\r\n",
        "X-A: a\rX-B: b\r\nContent-Length: " + length + "\r\n",
        "X-A: a\u0000b\r\nContent-Length: " + length + "\r\n",
        "garbage\r\nContent-Length: " + length + "\r\n",
        "Content-Encoding: gzip\r\nContent-Length: " + length + "\r\n",
        "Expect: 100-continue\r\nContent-Length: " + length + "\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: " + length + "\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: " + length + "\r\n");
  }

  private static void flood(List<Attack> all, String name, Function<Random, String> bytes) {
    all.add(
        new Attack(
            name,
            (target, random) ->
                target.exchange(bytes.apply(random).getBytes(StandardCharsets.ISO_8859_1), SHORT)));
  }

  private static String chunked(String body) {
    return CHAT + KEY + "Transfer-Encoding: chunked\r\n\r\n" + body;
  }

  private static String lines(Random random) {
    return "A: b\r\n".repeat(random.nextInt(10_000));
  }

  private static int long1(Random random) {
    return random.nextInt(1 << 20);
  }

  private static String noise(Random random) {
    byte[] bytes = new byte[random.nextInt(1, 10_000)];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String damaged(Target target, Random random) throws IOException {
    byte[] bytes =
        (LIVE + CHAT + KEY + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY + LIVE)
            .getBytes(StandardCharsets.ISO_8859_1);
    Target.damage(bytes, random);
    return target.exchange(bytes, SHORT);
  }

  private static String halves(Target target, Random random) throws IOException {
    String head = CHAT + (random.nextBoolean() ? KEY : "") + "Content-Length: 100000\r\n\r\n{";
    return held(target, random.nextInt(300), head, random);
  }

  private static String slowHeads(Target target, Random random) throws IOException {
    return held(target, random.nextInt(100), LIVE.replace("\r\n\r\n", "\r\nX: "), random);
  }

  private static String idle(Target target, Random random) throws IOException {
    return held(target, random.nextInt(500), "", random);
  }

  /** Many connections that say this much, then a little, and leave in their own ways. */
  private static String held(Target target, int count, String said, Random random)
      throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Socket socket = target.connect();
        sockets.add(socket);
        Target.write(socket, said.getBytes(StandardCharsets.ISO_8859_1));
      }
      for (int i = 0; i < 10; i++) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(200)).toNanos());
        sockets.forEach(socket -> Target.write(socket, new byte[] {'x'}));
      }
    } finally {
      for (Socket socket : sockets) {
        if (random.nextBoolean()) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      }
    }
    return "";
  }
}
