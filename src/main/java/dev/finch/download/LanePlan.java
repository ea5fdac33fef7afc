package dev.finch.download;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Which piece the next connection fetches, and how many connections there should be. Pure. */
final class LanePlan {

  /** A piece should take about so long: short enough to share work, long enough to be worth it. */
  private static final double PIECE_SECONDS = 4;

  private static final long LARGEST = 256L * 1024 * 1024;

  /** More connections must have brought so much more to be kept. */
  private static final double WORTHWHILE = 1.15;

  private LanePlan() {}

  /**
   * The first piece that is neither there nor on its way.
   *
   * @param taken pieces that other lanes fetch
   * @param length most bytes of it
   */
  static Optional<ByteRange> next(
      RangeSet committed, Collection<ByteRange> taken, long size, long length) {
    RangeSet spoken = committed;
    for (ByteRange piece : taken) {
      spoken = spoken.with(piece);
    }
    List<ByteRange> gaps = spoken.gaps(size);
    return gaps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ByteRange(
                gaps.getFirst().from(),
                gaps.getFirst().from() + Math.min(gaps.getFirst().length(), length)));
  }

  /**
   * How many bytes one request should ask for.
   *
   * @param least the settings' smallest piece
   * @param laneRate bytes per second of one connection, 0 where unknown
   * @param missing bytes that are neither there nor on their way
   * @param lanes connections that share them
   */
  static long pieceLength(long least, double laneRate, long missing, int lanes) {
    long byRate = (long) Math.min(LARGEST, laneRate * PIECE_SECONDS);
    long fairShare = missing / (2L * Math.max(1, lanes));
    return Math.max(least, Math.min(byRate, fairShare));
  }

  /**
   * The state of a search for the number of connections that brings most.
   *
   * @param lanes connections to use now
   * @param settled whether more were tried and did not help
   * @param rate bytes per second before the last change
   */
  record Width(int lanes, boolean settled, double rate) {

    static final Width ONE = new Width(1, false, 0);

    /** Doubled while that helps, halved back when it did not. */
    Width measured(double now, int most) {
      if (settled) {
        return this;
      }
      if (now < rate * WORTHWHILE) {
        return new Width(Math.max(1, lanes / 2), true, now);
      }
      return lanes >= most
          ? new Width(lanes, true, now)
          : new Width(Math.min(most, lanes * 2), false, now);
    }

    /** After the server asked for less. */
    Width narrowed() {
      return new Width(Math.max(1, lanes / 2), true, rate);
    }
  }
}
