package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import java.io.Serial;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bytes of all requests' bodies, from their arrival until the request has ended, and how many
 * bodies are half sent. Where either is too much, the body that has been under way for longest is
 * given up: who sends slowly cannot keep others out. Thread-safe.
 */
final class BodyQuota {

  /** This body was given up for others. */
  static final class GivenUp extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    GivenUp() {
      super("others needed the room", null, false, false);
    }
  }

  /** One body's part of what is taken. */
  final class Share {
    private final Runnable giveUp;
    private long bytes;
    private boolean over;

    private Share(Runnable giveUp) {
      this.giveUp = giveUp;
    }

    /**
     * More has come.
     *
     * @throws FinchException with {@code BUSY} where there is no room for it
     */
    void add(int count) {
      BodyQuota.this.add(this, count);
    }

    /** It is whole, and given up for nobody any more. */
    void whole() {
      BodyQuota.this.whole(this);
    }

    /** It is needed no more. Idempotent. */
    void release() {
      BodyQuota.this.release(this);
    }
  }

  private final long mostBytes;
  private final int mostUnfinished;
  private final Set<Share> unfinished = new LinkedHashSet<>();
  private long taken;

  BodyQuota(HttpSettings.Limits limits) {
    this.mostBytes = Math.max(limits.allBodiesBytes(), limits.bodyBytes());
    this.mostUnfinished = limits.unfinishedBodies();
  }

  /**
   * A body begins to arrive.
   *
   * @param giveUp called at most once, where it is given up before it is whole
   */
  synchronized Share begin(Runnable giveUp) {
    Share share = new Share(giveUp);
    if (unfinished.size() >= mostUnfinished) {
      giveUpOldest(share);
    }
    unfinished.add(share);
    return share;
  }

  /**
   * A body that has come as a whole.
   *
   * @throws FinchException with {@code BUSY} where there is no room for it
   */
  synchronized Share whole(int bytes) {
    Share share = new Share(() -> {});
    add(share, bytes);
    return share;
  }

  synchronized long taken() {
    return taken;
  }

  synchronized int unfinished() {
    return unfinished.size();
  }

  private synchronized void add(Share share, int count) {
    if (share.over) {
      throw new GivenUp();
    }
    while (taken + count > mostBytes && giveUpOldest(share)) {}
    if (taken + count > mostBytes) {
      throw new FinchException(
          Failure.passing(
                  FailureCode.BUSY,
                  "Requests of "
                      + taken
                      + " bytes are being answered (finch.http.limits.all-bodies).",
                  "Ask again in a moment.")
              .retryAfter(Duration.ofSeconds(1)));
    }
    share.bytes += count;
    taken += count;
  }

  private boolean giveUpOldest(Share except) {
    Iterator<Share> oldest = unfinished.iterator();
    while (oldest.hasNext()) {
      Share share = oldest.next();
      if (share != except) {
        oldest.remove();
        drop(share);
        share.giveUp.run();
        return true;
      }
    }
    return false;
  }

  private synchronized void whole(Share share) {
    unfinished.remove(share);
  }

  private synchronized void release(Share share) {
    unfinished.remove(share);
    drop(share);
  }

  private void drop(Share share) {
    share.over = true;
    taken -= share.bytes;
    share.bytes = 0;
  }
}
