package dev.finch.download;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** The answers of the CDN: bytes, whole or in ranges, and everything that happens to bytes. */
final class CdnAnswers {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final int BLOCK = 64 * 1024;
  private static final int SENDFILE = 8 << 20;

  private final LoopbackHub hub;

  CdnAnswers(LoopbackHub hub) {
    this.hub = hub;
  }

  boolean answer(HttpConnection connection, HttpConnection.Request request)
      throws IOException, InterruptedException {
    if (!request.header("authorization").isEmpty() || !request.header("cookie").isEmpty()) {
      return refuse(connection, request, 400, "Only one auth mechanism allowed");
    }
    Signature signature = Signature.parse(request.target());
    if (signature == null) {
      return refuse(connection, request, 403, "SignatureError: the address was changed");
    }
    if (signature.expires() < System.currentTimeMillis()) {
      return refuse(connection, request, 403, "Request has expired");
    }
    Content content = requireNonNull(hub.blobs.get(signature.blob()));
    Fault fault = hub.next(LoopbackHub.Place.CDN, request);
    return switch (fault.kind()) {
      case STATUS -> {
        note(request, (int) fault.number());
        connection.answer(true, (int) fault.number(), fault.headers(), "");
        yield true;
      }
      case HTML -> {
        note(request, 200);
        connection.answer(true, 200, Map.of("Content-Type", "text/html"), "<html>Log in</html>");
        yield true;
      }
      case GZIP -> gzip(connection, request, content);
      default -> bytes(connection, request, content, fault);
    };
  }

  private boolean bytes(
      HttpConnection connection, HttpConnection.Request request, Content content, Fault fault)
      throws IOException, InterruptedException {
    if (fault.kind() == Fault.Kind.LATE) {
      Thread.sleep(fault.number());
    }
    long size = fault.kind() == Fault.Kind.SHORT ? content.size() - fault.number() : content.size();
    long from = 0;
    long to = size;
    Matcher range = RANGE.matcher(request.header("range"));
    boolean partial = range.matches() && fault.kind() != Fault.Kind.IGNORE_RANGE;
    if (partial) {
      from = Long.parseLong(range.group(1));
      to = range.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(range.group(2)) + 1);
      if (from >= size) {
        note(request, 416);
        connection.answer(true, 416, Map.of("Content-Range", "bytes */" + size), "");
        return true;
      }
    }
    if (partial && fault.kind() == Fault.Kind.WRONG_RANGE) {
      from = Math.min(size - 1, from + fault.number());
      to = Math.min(size, to + fault.number());
    }
    boolean chunked = fault.kind() == Fault.Kind.CHUNKED;
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ETag", "\"cdn-own\"");
    if (chunked) {
      headers.put("Transfer-Encoding", "chunked");
    } else if (fault.kind() == Fault.Kind.NO_LENGTH) {
      headers.put("Connection", "close");
    } else {
      headers.put("Content-Length", String.valueOf(to - from));
    }
    if (partial) {
      headers.put("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
    }
    note(request, partial ? 206 : 200);
    connection.head(partial ? 206 : 200, headers);
    hub.bodyBegins();
    try {
      boolean usable = body(connection, content, from, to, fault, chunked);
      return usable && fault.kind() != Fault.Kind.NO_LENGTH;
    } finally {
      hub.bodyEnds();
    }
  }

  private boolean body(
      HttpConnection connection, Content content, long from, long to, Fault fault, boolean chunked)
      throws IOException, InterruptedException {
    long rate = fault.kind() == Fault.Kind.SLOW ? fault.number() : hub.connectionRate;
    boolean plain = rate == 0 && (fault.kind() == Fault.Kind.NONE);
    try (FileChannel file = content.open()) {
      long begun = System.nanoTime();
      long at = from;
      while (at < to) {
        if (plain) {
          long sent = file.transferTo(at, Math.min(SENDFILE, to - at), connection.socket());
          at += sent;
          hub.bodyBytes.addAndGet(sent);
          continue;
        }
        int count = (int) Math.min(rate > 0 ? Math.clamp(rate / 20, 1, BLOCK) : BLOCK, to - at);
        long limit = strikesAt(fault);
        if (limit >= 0 && at - from + count > limit) {
          count = (int) Math.max(0, limit - (at - from));
        }
        ByteBuffer block = ByteBuffer.allocate(count);
        file.read(block, at);
        block.flip();
        corrupt(block, at, fault);
        send(connection, block, chunked);
        at += count;
        hub.bodyBytes.addAndGet(count);
        if (limit >= 0 && at - from >= limit) {
          return strike(connection, fault);
        }
        if (rate > 0) {
          long due = begun + (at - from) * 1_000_000_000L / rate;
          Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
        }
      }
    }
    if (chunked) {
      connection.write(ByteBuffer.wrap("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }
    return true;
  }

  private static long strikesAt(Fault fault) {
    return switch (fault.kind()) {
      case FIN, RST, STALL -> fault.number();
      default -> -1;
    };
  }

  private static boolean strike(HttpConnection connection, Fault fault)
      throws IOException, InterruptedException {
    switch (fault.kind()) {
      case RST -> connection.reset();
      case STALL -> Thread.sleep(120_000);
      default -> connection.close();
    }
    return false;
  }

  private static void corrupt(ByteBuffer block, long at, Fault fault) {
    if (fault.kind() == Fault.Kind.CORRUPT) {
      long index = fault.number() - at;
      if (index >= 0 && index < block.remaining()) {
        block.put((int) index, (byte) ~block.get((int) index));
      }
    }
  }

  private static void send(HttpConnection connection, ByteBuffer block, boolean chunked)
      throws IOException {
    if (chunked && block.hasRemaining()) {
      String length = Integer.toHexString(block.remaining()).toUpperCase(Locale.ROOT) + "\r\n";
      connection.write(ByteBuffer.wrap(length.getBytes(StandardCharsets.US_ASCII)));
    }
    boolean ended = chunked && block.hasRemaining();
    connection.write(block);
    if (ended) {
      connection.write(ByteBuffer.wrap("\r\n".getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** Compressed although nobody asked for that, and without ranges. */
  private boolean gzip(HttpConnection connection, HttpConnection.Request request, Content content)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      Files.copy(content.file(), gzip);
    }
    note(request, 200);
    connection.head(
        200, Map.of("Content-Encoding", "gzip", "Content-Length", String.valueOf(bytes.size())));
    connection.write(ByteBuffer.wrap(bytes.toByteArray()));
    hub.bodyBytes.addAndGet(bytes.size());
    return true;
  }

  private boolean refuse(
      HttpConnection connection, HttpConnection.Request request, int status, String why)
      throws IOException {
    note(request, status);
    connection.answer(true, status, Map.of("Content-Type", "application/xml"), why);
    return true;
  }

  private void note(HttpConnection.Request request, int status) {
    hub.seen.add(
        new LoopbackHub.Seen(
            "127.0.0.2", request.method(), request.target(), request.headers(), status));
  }
}
