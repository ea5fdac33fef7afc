package dev.finch.download;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a {@link Transfer} knows of one of its connections, and when it loses patience with it. */
final class RangeFetchWatch {

  /** A connection that was dropped because too little came; the message says how little. */
  static final class TooSlow extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    TooSlow(String message) {
      super(message);
    }
  }

  private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(200);

  private final int number;
  private final RangeFetch fetch;
  private final Address address;
  private final boolean ranged;
  private final long openedAt = System.nanoTime();
  private ByteRange piece;
  private long bytes;
  private long firstAt;
  private long movedAt = openedAt;
  private long windowAt = openedAt;
  private long windowBytes;

  RangeFetchWatch(int number, RangeFetch fetch, Address address, ByteRange piece, boolean ranged) {
    this.number = number;
    this.fetch = fetch;
    this.address = address;
    this.piece = piece;
    this.ranged = ranged;
  }

  /** Whether it asked for its piece alone, and not for the whole file. */
  boolean ranged() {
    return ranged;
  }

  Address address() {
    return address;
  }

  ByteRange piece() {
    return piece;
  }

  void wrote(long count) {
    movedAt = System.nanoTime();
    if (bytes == 0) {
      firstAt = movedAt;
    }
    bytes += count;
    windowBytes += count;
  }

  /** Whether the whole piece has come. */
  boolean complete() {
    return bytes == piece.length();
  }

  /** Whether bytes come. */
  boolean begun() {
    return bytes > 0;
  }

  /** Nanoseconds until the first bytes came. */
  long patience() {
    return firstAt - openedAt;
  }

  /** Bytes per second since it was opened. */
  double rate(long now) {
    return bytes * 1e9 / Math.max(1, now - openedAt);
  }

  /** How it stands; empty while its rate says little. */
  Optional<RangePlan.Underway> underway(long now) {
    return now - openedAt < WARM_UP
        ? Optional.empty()
        : Optional.of(
            new RangePlan.Underway(
                number, new ByteRange(piece.from() + bytes, piece.to()), rate(now)));
  }

  /** Takes from it what lies from {@code to} on, as far as it is not written; gives that. */
  ByteRange shorten(long to) {
    long end = fetch.shorten(to);
    ByteRange taken = new ByteRange(end, piece.to());
    piece = new ByteRange(piece.from(), end);
    return taken;
  }

  void stop() {
    fetch.stop();
  }

  /** Drops the connection where nothing, or next to nothing, comes over it. */
  void check(long now, DownloadSettings settings) {
    if (now - movedAt > settings.stallTimeout().toNanos()) {
      fetch.abort(new TooSlow("nothing came for " + settings.stallTimeout().toSeconds() + " s"));
      return;
    }
    long window = now - windowAt;
    if (window > settings.minimumRateWindow().toNanos()) {
      if (windowBytes * 1e9 / window < settings.minimumRate()) {
        fetch.abort(new TooSlow("only " + windowBytes + " bytes came in a while"));
      }
      windowAt = now;
      windowBytes = 0;
    }
  }
}
