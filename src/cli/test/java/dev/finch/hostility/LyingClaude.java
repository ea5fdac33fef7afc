package dev.finch.hostility;

import dev.finch.claude.ClaudeScript;
import dev.finch.claude.LoopbackClaude;
import dev.finch.claude.Transcripts;
import dev.finch.claude.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A Claude that lies as its prompt tells it to, so that the seed says what it does. */
final class LyingClaude implements AutoCloseable {

  static final String MARK = "lie<";
  static final String END = ">";

  /** What one lie does with the stream of an answer. */
  @FunctionalInterface
  interface Lie {
    void tell(Wire wire, Random random) throws IOException;
  }

  private static final String ESCAPES = "\\u001b]52;c;cm0=\\u0007\\u001b[2J\\u009b31m";
  private static final String START = Transcripts.messageStart("claude-haiku-5-5", 9);

  static final Map<String, Lie> LIES = new LinkedHashMap<>();

  static {
    stream(
        "an answer without end",
        (wire, _) -> always(wire, Transcripts.textDelta(0, "spam ".repeat(200))));
    stream("pings without end", (wire, _) -> always(wire, Transcripts.ping()));
    stream("blocks without end", (wire, _) -> blocks(wire));
    stream("a line without end", (wire, _) -> line(wire));
    stream(
        "thinking without end",
        (wire, _) -> always(wire, Transcripts.thinkingDelta(0, "hm ".repeat(300))));
    stream(
        "deep JSON",
        (wire, r) ->
            wire.send(
                "data: {\"type\":\"content_block_delta\",\"x\":"
                    + "[".repeat(r.nextInt(500_000))
                    + "}\n\n"));
    stream("bytes that are no text", (wire, r) -> wire.send(noise(r)));
    stream(
        "half a pair",
        (wire, _) ->
            wire.send(
                Transcripts.event(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\\ud800\"}}")));
    stream(
        "escapes",
        (wire, _) ->
            wire.send(
                Transcripts.event(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                        + ESCAPES
                        + "\"}}")));
    stream(
        "wild indices",
        (wire, _) ->
            wire.send(Transcripts.textDelta(Integer.MAX_VALUE, "x") + Transcripts.textStart(-1)));
    stream("silence", (wire, _) -> wire.awaitAbandoned());
    stream("a cut", (wire, _) -> wire.cut());
    stream("a reset", (wire, _) -> wire.reset());
    for (String usage :
        new String[] {"9223372036854775807", "-1000000000", "1.5e300", "\"many\"", "null"}) {
      LIES.put("a usage of " + usage.replace("\"", ""), (wire, _) -> usage(wire, usage));
    }
    LIES.put("a damaged transcript", LyingClaude::damaged);
    LIES.put("a refusal without end", (wire, _) -> refusal(wire));
    LIES.put(
        "escapes in a refusal",
        (wire, _) ->
            wire.whole(
                400,
                "application/json",
                ("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\""
                        + ESCAPES
                        + "\"}}")
                    .getBytes(StandardCharsets.UTF_8)));
    LIES.put(
        "a wait of centuries",
        (wire, _) ->
            wire.whole(
                429,
                "application/json",
                "{}".getBytes(StandardCharsets.UTF_8),
                "retry-after: 99999999999"));
    LIES.put(
        "a redirect",
        (wire, _) ->
            wire.whole(307, "text/plain", new byte[0], "location: http://127.0.0.1:1/steal"));
    LIES.put(
        "interim answers",
        (wire, r) -> wire.raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(r.nextInt(20_000))));
    LIES.put(
        "chunk sizes",
        (wire, _) ->
            wire.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx"));
    LIES.put(
        "crumbs",
        (wire, r) ->
            wire.raw(
                "HTTP/1.1 200 OK\r\n"
                    + "content-type: text/event-stream\r\n"
                    + "transfer-encoding: chunked\r\n\r\n"
                    + "1\r\n\n\r\n".repeat(r.nextInt(100_000))
                    + "0\r\n\r\n"));
    LIES.put("no HTTP", (wire, r) -> wire.raw(new String(noise(r), StandardCharsets.ISO_8859_1)));
    LIES.put("a truth", (wire, _) -> say(wire, Transcripts.text("claude-haiku-5-5", "Yes.")));
  }

  private final LoopbackClaude claude = LoopbackClaude.start();

  LyingClaude() {
    claude.answerAlways(
        (request, wire) -> {
          claude.forget();
          answer(request.body().utf8String(), wire);
        });
    claude.count(ClaudeScript.json(200, "{\"input_tokens\":9223372036854775807}"));
  }

  String url() {
    return claude.url();
  }

  private static void answer(String asked, Wire wire) throws IOException {
    int at = asked.indexOf(MARK);
    String[] words = at < 0 ? new String[0] : asked.substring(at + MARK.length()).split(END, 3);
    Lie lie = words.length < 3 ? null : LIES.get(words[0]);
    if (lie == null) {
      say(wire, Transcripts.text("claude-haiku-5-5", "Yes."));
    } else {
      lie.tell(wire, new Random(Long.parseLong(words[1])));
    }
  }

  private static void stream(String name, Lie middle) {
    LIES.put(
        name,
        (wire, random) -> {
          wire.begin(200, "text/event-stream; charset=utf-8");
          wire.send(START + Transcripts.textStart(0));
          middle.tell(wire, random);
          wire.send(Transcripts.messageDelta("end_turn", 3) + Transcripts.messageStop());
        });
  }

  private static void say(Wire wire, Iterable<String> events) throws IOException {
    wire.begin(200, "text/event-stream; charset=utf-8");
    for (String event : events) {
      wire.send(event);
    }
  }

  /** Until Finch hangs up, or for more than it may ever read. */
  private static void always(Wire wire, String event) throws IOException {
    String some = event.repeat(1 + 4096 / event.length());
    for (long sent = 0; sent < 1L << 30; sent += some.length()) {
      wire.send(some);
    }
  }

  private static void blocks(Wire wire) throws IOException {
    for (int i = 1; i < 1_000_000; i++) {
      wire.send(Transcripts.textStart(i));
    }
  }

  private static void line(Wire wire) throws IOException {
    wire.send("data: \"");
    always(wire, "x".repeat(8192));
  }

  private static void refusal(Wire wire) throws IOException {
    wire.begin(400, "application/json");
    always(wire, "x".repeat(8192));
  }

  private static void usage(Wire wire, String tokens) throws IOException {
    String usage = "\"usage\":{\"input_tokens\":" + tokens + ",\"output_tokens\":" + tokens + "}";
    wire.begin(200, "text/event-stream; charset=utf-8");
    wire.send(START.replaceFirst("\"usage\":\\{[^}]*\\}", usage));
    wire.send(
        Transcripts.textStart(0) + Transcripts.textDelta(0, "Yes.") + Transcripts.blockStop(0));
    wire.send(
        Transcripts.messageDelta("end_turn", 1).replaceFirst("\"usage\":\\{[^}]*\\}", usage)
            + Transcripts.messageStop());
  }

  private static void damaged(Wire wire, Random random) throws IOException {
    String whole = String.join("", Transcripts.text("claude-haiku-5-5", "Hello from Claude."));
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    Target.damage(bytes, random);
    wire.begin(200, "text/event-stream; charset=utf-8");
    wire.send(bytes);
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(1, 50_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    claude.close();
  }
}
