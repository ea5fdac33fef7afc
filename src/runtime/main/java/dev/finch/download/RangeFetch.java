package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Compression;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connection that fetches one piece of a file and writes it into the part, as a stream: the
 * disk's pace holds back the network. Bytes outside of the piece are never written.
 */
final class RangeFetch {

  /** The server sends the whole file whatever range is asked for. */
  static final class RangesIgnored extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;
  }

  /** The location does not give this file any more: its signature ran out, or it was wrong. */
  static final class LocationStale extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    LocationStale(int status) {
      super("the address answered " + status);
    }
  }

  /** Told from the stream, every so many bytes or milliseconds, and at its end. */
  interface Listener {
    void wrote(long from, long to);
  }

  private static final long REPORT_BYTES = 1024 * 1024;
  private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int GUNZIP_BUFFER = 256 * 1024;

  private final Hub hub;
  private final HubHttp hubHttp;
  private final PartFile part;
  private final Address address;
  private final ByteRange piece;
  private final boolean ranged;
  private final Listener listener;

  private final SharedKillSwitch stop = KillSwitches.shared("range-fetch");

  private final AtomicReference<@Nullable HttpResponse> unread = new AtomicReference<>();
  private volatile boolean abandoned;
  private long position;
  private long end;
  private long written;
  private long reported;
  private long reportedAt = System.nanoTime();
  private long skip;

  /**
   * @param ranged whether a range is asked for; else the file comes from its start and what lies
   *     before the piece is thrown away
   */
  RangeFetch(
      Hub hub,
      HubHttp hubHttp,
      PartFile part,
      Address address,
      ByteRange piece,
      boolean ranged,
      Listener listener) {
    this.hub = hub;
    this.hubHttp = hubHttp;
    this.part = part;
    this.address = address;
    this.piece = piece;
    this.ranged = ranged;
    this.listener = listener;
    this.position = piece.from();
    this.end = piece.to();
    this.reported = piece.from();
  }

  /** Starts it. The stage completes when it has ended and writes no more. */
  CompletionStage<Done> run() {
    return Source.completionStage(hub.open(address, ranged ? piece : null).thenApply(this::orDrop))
        .flatMapConcat(this::body)
        .via(stop.flow())
        .map(this::write)
        .takeWhile(wanted -> wanted)
        .toMat(Sink.ignore(), Keep.right())
        .withAttributes(ActorAttributes.dispatcher(DownloadSettings.DISPATCHER))
        .run(hubHttp.materializer())
        .whenComplete(
            (_, _) -> {
              abandoned = true;
              dropUnread();
              report();
            });
  }

  void stop() {
    stop.shutdown();
  }

  void abort(Throwable cause) {
    stop.abort(cause);
  }

  /** An answer that comes when nobody reads it any more would hold its connection for a while. */
  private HttpResponse orDrop(HttpResponse response) {
    unread.set(response);
    if (abandoned) {
      dropUnread();
    }
    return response;
  }

  private void dropUnread() {
    HttpResponse response = unread.getAndSet(null);
    if (response != null) {
      hubHttp.drop(response);
    }
  }

  private Source<ByteString, ?> body(HttpResponse response) {
    if (unread.getAndSet(null) == null) {
      return Source.empty();
    }
    RuntimeException refusal = refusal(response);
    if (refusal != null) {
      hubHttp.drop(response);
      return Source.failed(refusal);
    }
    boolean whole = response.status().intValue() == 200;
    skip = whole ? piece.from() : 0;
    Source<ByteString, ?> bytes =
        response
            .entity()
            .withoutSizeLimit()
            .getDataBytes()
            .mapMaterializedValue(_ -> NotUsed.notUsed());
    return compressed(response) ? bytes.via(Compression.gzipDecompress(GUNZIP_BUFFER)) : bytes;
  }

  /** Null where the answer carries what was asked for. */
  private @Nullable RuntimeException refusal(HttpResponse response) {
    int status = response.status().intValue();
    return switch (status) {
      case 200 -> ranged ? new RangesIgnored() : wholeRefusal(response);
      case 206 -> rangeRefusal(response);
      case 401, 403, 404, 410, 416 -> new LocationStale(status);
      default -> refused(response, status);
    };
  }

  private @Nullable RuntimeException rangeRefusal(HttpResponse response) {
    ContentRange range = ContentRange.parse(HubHttp.header(response, "Content-Range"));
    if (!ranged
        || compressed(response)
        || range == null
        || !range.answers(piece, part.file().size())) {
      return broken(
          "sends " + (range == null ? "no valid Content-Range" : range) + " for " + piece.header());
    }
    return null;
  }

  private @Nullable RuntimeException wholeRefusal(HttpResponse response) {
    long length = response.entity().getContentLengthOption().orElse(-1);
    boolean wrong = length >= 0 && !compressed(response) && length != part.file().size();
    return wrong ? broken("sends " + length + " bytes for a file of " + part.file().size()) : null;
  }

  private RuntimeException refused(HttpResponse response, int status) {
    return new FinchException(
        HubFailures.of(
            status,
            null,
            null,
            HubHttp.wait(response),
            new HubFailures.Question(address, part.file().path(), null, null, false)));
  }

  private FinchException broken(String what) {
    return new FinchException(
        Failure.passing(
            FailureCode.HUB_PROTOCOL,
            address.origin() + " " + what + ".",
            "A proxy or mirror between here and the Hub may be broken; try another network."));
  }

  private static boolean compressed(HttpResponse response) {
    String encoding = HubHttp.header(response, "Content-Encoding");
    return encoding != null && encoding.strip().equalsIgnoreCase("gzip");
  }

  /**
   * Leaves what lies from {@code to} on to another connection, save what is written already.
   *
   * @return where this one will end now
   */
  synchronized long shorten(long to) {
    end = Math.max(position, Math.min(end, to));
    if (end == position) {
      stop();
    }
    return end;
  }

  /** Gives whether more is wanted. */
  private boolean write(ByteString chunk) {
    ByteString rest = chunk;
    if (skip > 0) {
      int dropped = (int) Math.min(skip, rest.size());
      skip -= dropped;
      rest = rest.drop(dropped);
    }
    long at = position;
    if (rest.size() > piece.to() - at) {
      throw broken("sends more than it said");
    }
    byte[] bytes = rest.toArrayUnsafe();
    int count = claim(bytes.length);
    try {
      part.write(bytes, count, at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written = at + count;
    long now = System.nanoTime();
    if (written - reported >= REPORT_BYTES || now - reportedAt >= REPORT_NANOS) {
      reportedAt = now;
      report();
    }
    return wantsMore();
  }

  /**
   * A piece that ends where its answer does lets that end by itself, which keeps the connection.
   */
  private synchronized boolean wantsMore() {
    return position < end || end == piece.to();
  }

  /** What is claimed here cannot be given to another connection. */
  private synchronized int claim(int count) {
    int claimed = (int) Math.min(count, end - position);
    position += claimed;
    return claimed;
  }

  private void report() {
    if (written > reported) {
      listener.wrote(reported, written);
      reported = written;
    }
  }
}
