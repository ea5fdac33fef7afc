package dev.finch.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The brake on guessing keys: beyond a few wrong keys in a row an address waits for each refusal,
 * and its connection ends with it. A right key is never held up, whoever guesses beside it. The
 * addresses that guessed last are remembered, up to a bound. Thread-safe.
 */
final class WrongKeys {

  static final Duration WAIT = Duration.ofSeconds(1);

  private static final int BURST = 20;
  private static final long REFILL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int MOST_ADDRESSES = 4096;

  /** Beyond it an address is refused at once, so that guessing cannot hold connections. */
  private static final int MOST_WAITING = 64;

  private static final class Guesser {
    private int left = BURST;
    private long since;
    private int waiting;
  }

  private final Map<InetAddress, Guesser> guessers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Guesser> eldest) {
          return size() > MOST_ADDRESSES;
        }
      };

  /** What a wrong key gets. */
  enum Answer {
    AT_ONCE,
    LATER,
    HANG_UP
  }

  /** Takes note of a wrong key; {@link Answer#LATER} is ended with {@link #waited}. */
  synchronized Answer wrong(InetAddress address, long nanoTime) {
    Guesser guesser = guessers.computeIfAbsent(address, _ -> new Guesser());
    long refilled = (nanoTime - guesser.since) / REFILL_NANOS;
    if (guesser.since == 0 || refilled > 0) {
      guesser.left = guesser.since == 0 ? BURST : (int) Math.min(BURST, guesser.left + refilled);
      guesser.since = nanoTime;
    }
    if (guesser.left > 0) {
      guesser.left--;
      return Answer.AT_ONCE;
    }
    if (guesser.waiting >= MOST_WAITING) {
      return Answer.HANG_UP;
    }
    guesser.waiting++;
    return Answer.LATER;
  }

  synchronized void waited(InetAddress address) {
    Guesser guesser = guessers.get(address);
    if (guesser != null && guesser.waiting > 0) {
      guesser.waiting--;
    }
  }

  synchronized int addresses() {
    return guessers.size();
  }
}
