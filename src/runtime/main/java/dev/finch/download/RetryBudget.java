package dev.finch.download;

/**
 * How many more failures a transfer bears: so many in a row without progress. Progress is counted
 * in bytes worth speaking of, so a server that gives one before each failure does not go on for
 * ever.
 */
final class RetryBudget {

  private static final long PROGRESS = 64 * 1024;

  private final int most;
  private int failures;
  private long mark;

  RetryBudget(int most, long committedBytes) {
    this.most = most;
    this.mark = committedBytes;
  }

  void committed(long bytes) {
    if (bytes - mark >= PROGRESS) {
      mark = bytes;
      failures = 0;
    }
  }

  /** Everything begins again; the failures so far still count. */
  void reset() {
    mark = 0;
  }

  /** Which failure in a row this is, from 1; 0 where it is one too many. */
  int failed() {
    failures++;
    return failures > most ? 0 : failures;
  }
}
