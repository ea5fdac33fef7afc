package dev.finch.claude;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What a {@link LoopbackClaude} does with one request. */
@FunctionalInterface
public interface ClaudeScript {

  /** A list of models as {@code GET /v1/models} gives it. */
  String MODELS =
      """
      {"data":[
       {"type":"model","id":"claude-haiku-5-5","display_name":"Claude Haiku 5.5","line":"haiku",
        "created_at":"2026-10-07T00:00:00Z","lifecycle":"active","max_tokens":128000},
       {"type":"model","id":"claude-sonnet-5-5","display_name":"Claude Sonnet 5.5","line":"sonnet",
        "created_at":"2026-09-28T00:00:00Z","lifecycle":"active","max_tokens":128000},
       {"type":"model","id":"claude-sonnet-4-5","display_name":"Claude Sonnet 4.5","line":"sonnet",
        "created_at":"2025-09-29T00:00:00Z","lifecycle":"deprecated",
        "retires_at":"2026-11-30T00:00:00Z","max_tokens":64000}],
       "has_more":false}
      """;

  void play(LoopbackClaude.Received request, Wire wire) throws IOException;

  /** Streams this text, a few characters at a time. */
  static ClaudeScript text(String text) {
    return (request, wire) ->
        stream(Transcripts.text(request.json().path("model").asText(), text)).play(request, wire);
  }

  /** Streams these events, each in a packet of its own. */
  static ClaudeScript stream(String... events) {
    return stream(List.of(events));
  }

  /** Streams these events, each in a packet of its own. */
  static ClaudeScript stream(List<String> events) {
    return (_, wire) -> {
      wire.begin(200, "text/event-stream; charset=utf-8");
      for (String event : events) {
        wire.send(event);
      }
    };
  }

  /** Streams these bytes in pieces of this length. */
  static ClaudeScript dribble(String body, int pieceLength) {
    return (_, wire) -> {
      wire.begin(200, "text/event-stream; charset=utf-8");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      for (int from = 0; from < bytes.length; from += pieceLength) {
        wire.send(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + pieceLength)));
      }
    };
  }

  /** Streams the first bytes of this body and, once the latch is open, closes the connection. */
  static ClaudeScript cutAfter(String body, int bytes, CountDownLatch latch) {
    return (_, wire) -> {
      wire.begin(200, "text/event-stream; charset=utf-8");
      wire.send(Arrays.copyOf(body.getBytes(StandardCharsets.UTF_8), bytes));
      await(latch);
      wire.cut();
    };
  }

  /** Streams these events, then ends the response as if it were complete. */
  static ClaudeScript endEarly(String... events) {
    return stream(events);
  }

  /** Streams these events and, once the latch is open, resets the connection. */
  static ClaudeScript resetAfter(CountDownLatch latch, String... events) {
    return (request, wire) -> {
      stream(events).play(request, wire);
      await(latch);
      wire.reset();
    };
  }

  /** Resets the connection instead of answering. */
  static ClaudeScript reset() {
    return (_, wire) -> wire.reset();
  }

  /** Closes the connection instead of answering. */
  static ClaudeScript close() {
    return (_, wire) -> wire.cut();
  }

  /** Streams these events, then waits for the client to leave. */
  static ClaudeScript hang(String... events) {
    return (request, wire) -> {
      stream(events).play(request, wire);
      wire.awaitAbandoned();
    };
  }

  /** Never answers; waits for the client to leave. */
  static ClaudeScript silence() {
    return (_, wire) -> wire.awaitAbandoned();
  }

  /** Plays a script once the latch is open. */
  static ClaudeScript after(CountDownLatch latch, ClaudeScript script) {
    return (request, wire) -> {
      await(latch);
      script.play(request, wire);
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("the latch stayed shut");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** Answers with JSON. */
  static ClaudeScript json(int status, String body, String... headers) {
    return (_, wire) ->
        wire.whole(status, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Answers with an error as Claude words it. */
  static ClaudeScript error(int status, String type, String message, String... headers) {
    return json(status, Transcripts.errorBody(type, message, null), headers);
  }

  /** Answers with an error that carries a code in its details. */
  static ClaudeScript codedError(int status, String type, String code, String... headers) {
    return json(status, Transcripts.errorBody(type, "scripted", code), headers);
  }
}
