package dev.finch.download;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which piece the next connection fetches, and how many connections there should be. Pure. */
final class RangePlan {

  /** A piece should take about so long: short enough to share work, long enough to be worth it. */
  private static final double PIECE_SECONDS = 4;

  private static final long LARGEST = 256L * 1024 * 1024;

  /** More connections must have brought so much more to be kept. */
  private static final double WORTHWHILE = 1.15;

  private static final int GROWTH = 4;

  /** A piece that ends sooner is left to the connection that has it. */
  private static final double TAIL_SECONDS = 2;

  private RangePlan() {}

  /**
   * The first piece that is neither there nor on its way.
   *
   * @param taken pieces that other connections fetch
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
   * @param fetchRate bytes per second of one connection, 0 where unknown
   * @param missing bytes that are neither there nor on their way
   * @param fetches connections that share them
   */
  static long pieceLength(long least, double fetchRate, long missing, int fetches) {
    long byRate = (long) Math.min(LARGEST, fetchRate * PIECE_SECONDS);
    long fairShare = missing / (2L * Math.max(1, fetches));
    return Math.max(least, Math.min(byRate, fairShare));
  }

  /**
   * A piece that a connection is fetching.
   *
   * @param rest what has not come yet
   * @param rate bytes per second so far
   */
  record Underway(int fetch, ByteRange rest, double rate) {
    double secondsLeft() {
      return rest.length() / Math.max(1, rate);
    }
  }

  /** What another connection should take over: a connection's piece from there on. */
  record Share(int fetch, long from) {}

  /**
   * What a connection without a piece of its own should take over, so that one slow connection does
   * not hold up the whole file: as much of the piece that would end last as lets both end together.
   *
   * @param rate bytes per second that a new connection is expected to bring
   */
  static Optional<Share> share(Collection<Underway> running, double rate) {
    return running.stream()
        .filter(_ -> rate > 0)
        .max(Comparator.comparingDouble(Underway::secondsLeft))
        .filter(slowest -> slowest.secondsLeft() > TAIL_SECONDS)
        .map(slowest -> new Share(slowest.fetch(), slowest.rest().to() - fair(slowest, rate)));
  }

  private static long fair(Underway slow, double rate) {
    return (long) (slow.rest().length() * rate / (rate + slow.rate() + 1));
  }

  /**
   * The state of a search for the number of connections that brings most.
   *
   * @param fetches connections to use now
   * @param before connections that were used before
   * @param settled whether more were tried and did not help
   * @param rate bytes per second of the connections before
   */
  record Width(int fetches, int before, boolean settled, double rate) {

    private static final int FIRST = 4;

    /** Several at once from the start: on a long way one alone takes its time to say that. */
    static Width first(int most) {
      int fetches = Math.min(FIRST, most);
      return new Width(fetches, fetches, false, 0);
    }

    /** Four times as many while that helps, and back when it did not. */
    Width measured(double now, int most) {
      if (settled) {
        return this;
      }
      if (now < rate * WORTHWHILE) {
        return new Width(before, before, true, now);
      }
      return fetches >= most
          ? new Width(fetches, fetches, true, now)
          : new Width(Math.min(most, fetches * GROWTH), fetches, false, now);
    }

    /** After the server asked for less. */
    Width narrowed() {
      int fewer = Math.max(1, fetches / 2);
      return new Width(fewer, fewer, true, rate);
    }
  }
}
