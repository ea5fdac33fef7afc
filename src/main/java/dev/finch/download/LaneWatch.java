package dev.finch.download;

import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.UniqueKillSwitch;

/** What a {@link Transfer} knows of one of its lanes, and when it loses patience with it. */
final class LaneWatch {

  /** A lane that was dropped because too little came; the message says how little. */
  static final class TooSlow extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    TooSlow(String message) {
      super(message);
    }
  }

  private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(200);

  private final Address address;
  private final ByteRange piece;
  private final UniqueKillSwitch stop;
  private final long openedAt = System.nanoTime();
  private long bytes;
  private long movedAt = openedAt;
  private long windowAt = openedAt;
  private long windowBytes;

  LaneWatch(Address address, ByteRange piece, UniqueKillSwitch stop) {
    this.address = address;
    this.piece = piece;
    this.stop = stop;
  }

  Address address() {
    return address;
  }

  ByteRange piece() {
    return piece;
  }

  void wrote(long count) {
    bytes += count;
    windowBytes += count;
    movedAt = System.nanoTime();
  }

  /** Whether the whole piece has come. */
  boolean complete() {
    return bytes == piece.length();
  }

  /** Bytes per second since it was opened; 0 while that says little. */
  double rate() {
    long age = System.nanoTime() - openedAt;
    return age < WARM_UP ? 0 : bytes * 1e9 / age;
  }

  void stop() {
    stop.shutdown();
  }

  /** Drops the lane where nothing, or next to nothing, comes over it. */
  void check(long now, DownloadSettings settings) {
    if (now - movedAt > settings.stallTimeout().toNanos()) {
      stop.abort(new TooSlow("nothing came for " + settings.stallTimeout().toSeconds() + " s"));
      return;
    }
    long window = now - windowAt;
    if (window > settings.minimumRateWindow().toNanos()) {
      if (windowBytes * 1e9 / window < settings.minimumRate()) {
        stop.abort(new TooSlow("only " + windowBytes + " bytes came in a while"));
      }
      windowAt = now;
      windowBytes = 0;
    }
  }
}
