package dev.finch.download;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one {@link Transfer}: how many there are, which piece each fetches, and what
 * becomes of those that bring nothing. Confined to the transfer's actor.
 */
final class RangeFetches {

  /** Told from the connections' streams, by any thread. */
  interface Listener {
    void wrote(int fetch, long from, long to);

    /** It writes no more; the cause is null where its answer ended as it should. */
    void ended(int fetch, @Nullable Throwable cause);
  }

  /** The shortest time over which a rate says something; longer where answers take long to come. */
  private static final long MEASURE = TimeUnit.MILLISECONDS.toNanos(200);

  private static final int MEASURE_ANSWERS = 4;

  private final Transfer.Job job;
  private final Listener listener;
  private final Map<Integer, RangeFetchWatch> running = new LinkedHashMap<>();
  private RangePlan.Width width;
  private boolean single;
  private boolean rangesHonoured;
  private int opened;
  private double fetchRate;
  private boolean measuring;
  private long measuredBytes;
  private long measuredAt = System.nanoTime();
  private long sharedAt = measuredAt;

  RangeFetches(Transfer.Job job, Listener listener) {
    this.job = job;
    this.listener = listener;
    this.width = RangePlan.Width.first(job.settings().connections());
    DownloadSettings settings = job.settings();
    this.single = settings.connections() == 1 || job.file().size() < settings.parallelFrom();
  }

  boolean idle() {
    return running.isEmpty();
  }

  /** Whether bytes came in answer to the range that was asked for. */
  boolean rangesHonoured() {
    return rangesHonoured;
  }

  /** From now on one connection fetches everything that is missing. */
  void single() {
    single = true;
  }

  /** The server wants less of us. */
  void narrow() {
    width = width.narrowed();
  }

  /** Opens as many connections as there should be and there are pieces for. */
  void fill(RangeSet committed, Address address, boolean ranges) {
    long size = job.file().size();
    while (running.size() < (single ? 1 : width.fetches())) {
      Optional<ByteRange> piece =
          RangePlan.next(
                  committed,
                  running.values().stream().map(RangeFetchWatch::piece).toList(),
                  size,
                  pieceLength(size - committed.size()))
              .or(this::share);
      if (piece.isEmpty()) {
        return;
      }
      open(address, piece.get(), ranges && piece.get().length() < size);
    }
  }

  void wrote(int fetch, long bytes) {
    RangeFetchWatch watch = running.get(fetch);
    if (watch != null) {
      watch.wrote(bytes);
      rangesHonoured |= watch.ranged();
    }
  }

  /** What is known of a connection that has ended; null where it is not ours any more. */
  @Nullable RangeFetchWatch ended(int fetch) {
    RangeFetchWatch ended = running.remove(fetch);
    if (ended != null && ended.complete()) {
      fetchRate = Math.max(fetchRate, ended.rate(System.nanoTime()));
    }
    return ended;
  }

  void stop() {
    running.values().forEach(RangeFetchWatch::stop);
  }

  /** Drops what is too slow, and looks whether more connections bring more. */
  void tick(long committedBytes) {
    long now = System.nanoTime();
    running.values().forEach(fetch -> fetch.check(now, job.settings()));
    if (measuring && now - measuredAt >= window()) {
      double rate = (committedBytes - measuredBytes) * 1e9 / (now - measuredAt);
      fetchRate = rate / width.fetches();
      width = width.measured(rate, job.settings().connections());
      measuring = false;
    }
    if (!measuring || running.size() < width.fetches()) {
      measuring =
          running.size() >= width.fetches()
              && running.values().stream().allMatch(RangeFetchWatch::begun);
      measuredAt = now;
      measuredBytes = committedBytes;
    }
  }

  private long window() {
    long answer =
        running.values().stream()
            .filter(RangeFetchWatch::begun)
            .mapToLong(RangeFetchWatch::patience)
            .max()
            .orElse(0);
    return Math.max(MEASURE, MEASURE_ANSWERS * answer);
  }

  /** A part of another connection's piece; at most one in a while, so that its effect shows. */
  private Optional<ByteRange> share() {
    long now = System.nanoTime();
    if (now - sharedAt < MEASURE) {
      return Optional.empty();
    }
    List<RangePlan.Underway> underway =
        running.values().stream().flatMap(fetch -> fetch.underway(now).stream()).toList();
    return RangePlan.share(underway, fetchRate)
        .map(
            share -> {
              sharedAt = now;
              return requireNonNull(running.get(share.fetch())).shorten(share.from());
            })
        .filter(taken -> taken.length() > 0);
  }

  private long pieceLength(long missing) {
    return single
        ? job.file().size()
        : RangePlan.pieceLength(job.settings().piece(), fetchRate, missing, width.fetches());
  }

  private void open(Address address, ByteRange piece, boolean ranged) {
    int number = opened++;
    RangeFetch fetch =
        new RangeFetch(
            job.hub(),
            job.hubHttp(),
            job.part(),
            address,
            piece,
            ranged,
            (from, to) -> listener.wrote(number, from, to));
    running.put(number, new RangeFetchWatch(number, fetch, address, piece, ranged));
    fetch.run().whenComplete((_, cause) -> listener.ended(number, cause));
  }
}
