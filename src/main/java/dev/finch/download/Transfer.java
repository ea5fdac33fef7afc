package dev.finch.download;

import dev.finch.failure.Failure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Brings the missing bytes of one file into its part and verifies the whole.
 *
 * <p>Pieces come over one or several {@link Lane}s while the hash runs behind the first gap and the
 * part's state is written now and then. What fails is asked for again, at a new location where the
 * old one is stale; only failures in a row without progress end the transfer. Bytes that were
 * committed are never written again, so what was hashed is what is on disk.
 */
final class Transfer extends AbstractMatchingBehavior<Transfer.Command> {

  sealed interface Command {}

  /** Stop now and keep the part. */
  record Stop() implements Command {}

  private record Located(Hub.Location location) implements Command {}

  private record LocateFailed(Throwable cause) implements Command {}

  private record Wrote(int lane, long from, long to) implements Command {}

  private record LaneEnded(int lane, @Nullable Throwable cause) implements Command {}

  private record Hashed(long bytes) implements Command {}

  private record Persisted(RangeSet committed) implements Command {}

  private record DiskFailed(Throwable cause) implements Command {}

  private record Tick() implements Command {}

  private record Resume() implements Command {}

  private record Left() implements Command {}

  sealed interface Event {}

  /** Bytes are on disk; all of them and being hashed where {@code verifying}. */
  record Advanced(long committed, boolean verifying) implements Event {}

  /** All bytes are in the part and have the right hash. The part is still open. */
  record Verified() implements Event {}

  /** It ended without; the part is closed, and kept where it can be continued. */
  record Failed(Failure failure) implements Event {}

  /** It ended because it was told to; the part is closed and kept. */
  record Stopped() implements Event {}

  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration MEASURE = Duration.ofMillis(500);

  /**
   * So much is progress: a server that gives a byte before each failure does not go on for ever.
   */
  private static final long PROGRESS = 64 * 1024;

  static Behavior<Command> create(
      String repository,
      String commit,
      PartFile part,
      Hub hub,
      Web web,
      DownloadSettings settings,
      ActorRef<Event> replyTo) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new Transfer(
                        context, timers, repository, commit, part, hub, web, settings, replyTo)));
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Executor disk;
  private final String repository;
  private final String commit;
  private final PartFile part;
  private final RemoteFile file;
  private final Hub hub;
  private final Web web;
  private final DownloadSettings settings;
  private final ActorRef<Event> replyTo;

  private final Map<Integer, LaneWatch> lanes = new LinkedHashMap<>();
  private PieceHasher hasher;
  private RangeSet committed;
  private Hub.@Nullable Location location;
  private LanePlan.Width width = LanePlan.Width.ONE;
  private @Nullable Event ending;
  private boolean locating;
  private boolean paused;
  private boolean hashing;
  private boolean persisting;
  private boolean sequential;
  private boolean rangesIgnored;
  private boolean fetchedAnew;
  private int laneNumber;
  private int fruitless;
  private long progressMark;
  private long hashed;
  private long persistedBytes;
  private long persistedAt = System.nanoTime();
  private long measuredBytes;
  private long measuredAt = System.nanoTime();

  private Transfer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String repository,
      String commit,
      PartFile part,
      Hub hub,
      Web web,
      DownloadSettings settings,
      ActorRef<Event> replyTo) {
    super(context);
    this.context = context;
    this.timers = timers;
    this.disk =
        context
            .getSystem()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig(DownloadSettings.DISPATCHER));
    this.repository = repository;
    this.commit = commit;
    this.part = part;
    this.file = part.file();
    this.hub = hub;
    this.web = web;
    this.settings = settings;
    this.replyTo = replyTo;
    this.hasher = new PieceHasher(part);
    this.committed = part.found();
    this.progressMark = committed.size();
    this.persistedBytes = committed.size();
    this.sequential = file.size() < settings.parallelFrom();
    timers.startTimerWithFixedDelay(new Tick(), TICK);
    proceed();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Stop _ -> end(new Stopped());
      case Located located -> onLocated(located.location());
      case LocateFailed failed -> onLocateFailed(failed.cause());
      case Wrote wrote -> onWrote(wrote);
      case LaneEnded ended -> onLaneEnded(ended);
      case Hashed now -> onHashed(now.bytes());
      case Persisted persisted -> onPersisted(persisted.committed());
      case DiskFailed failed -> onDiskFailed(failed.cause());
      case Tick _ -> onTick();
      case Resume _ -> onResume();
      case Left _ -> onLeft();
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      lanes.values().forEach(LaneWatch::stop);
    }
    return this;
  }

  private Behavior<Command> onLocated(Hub.Location found) {
    locating = false;
    boolean sizeDiffers = found.size() >= 0 && found.size() != file.size();
    BlobId blob = found.blob();
    boolean blobDiffers =
        blob != null && blob.isSha256() == file.blob().isSha256() && !blob.equals(file.blob());
    if (sizeDiffers || blobDiffers) {
      return end(new Failed(TransferFailures.changed(repository, file, found)));
    }
    location = found;
    return proceed();
  }

  private Behavior<Command> onLocateFailed(Throwable cause) {
    locating = false;
    Failure failure = Failures.of(cause);
    return failure.retryable() ? again(failure) : end(new Failed(failure));
  }

  private Behavior<Command> onWrote(Wrote wrote) {
    LaneWatch lane = lanes.get(wrote.lane());
    if (lane != null) {
      lane.wrote(wrote.to() - wrote.from());
    }
    committed = committed.with(new ByteRange(wrote.from(), wrote.to()));
    if (committed.size() - progressMark >= PROGRESS) {
      progressMark = committed.size();
      fruitless = 0;
    }
    persistWhenDue();
    return proceed();
  }

  private Behavior<Command> onLaneEnded(LaneEnded ended) {
    LaneWatch lane = lanes.remove(ended.lane());
    Throwable cause = ended.cause();
    if (lane == null || ending != null) {
      return proceed();
    }
    if (cause == null) {
      return lane.complete() || rangesIgnored
          ? proceed()
          : again(TransferFailures.cut(lane.address()));
    }
    if (Failures.diskFull(cause)) {
      return end(new Failed(Failures.diskFull(settings.cache(), file.size() - committed.size())));
    }
    Throwable root = cause.getCause() == null ? cause : cause.getCause();
    if (cause instanceof Lane.RangesIgnored || root instanceof Lane.RangesIgnored) {
      return onRangesIgnored();
    }
    if (cause instanceof Lane.LocationStale || root instanceof Lane.LocationStale) {
      location = null;
      return again(TransferFailures.stale(file, lane.address()));
    }
    if (cause instanceof java.io.UncheckedIOException) {
      return end(new Failed(Failures.of(cause)));
    }
    return again(TransferFailures.ofLane(lane.address(), cause));
  }

  /** Only one lane can serve then, and only from the first gap on. */
  private Behavior<Command> onRangesIgnored() {
    rangesIgnored = true;
    sequential = true;
    lanes.values().forEach(LaneWatch::stop);
    return proceed();
  }

  private Behavior<Command> onHashed(long bytes) {
    hashing = false;
    hashed = bytes;
    return proceed();
  }

  private Behavior<Command> onPersisted(RangeSet saved) {
    persisting = false;
    persistedBytes = saved.size();
    persistedAt = System.nanoTime();
    return proceed();
  }

  private Behavior<Command> onDiskFailed(Throwable cause) {
    hashing = false;
    persisting = false;
    return end(
        new Failed(
            Failures.diskFull(cause)
                ? Failures.diskFull(settings.cache(), file.size() - committed.size())
                : Failures.of(cause)));
  }

  private Behavior<Command> onTick() {
    long now = System.nanoTime();
    for (LaneWatch lane : lanes.values()) {
      lane.check(now, settings);
    }
    persistWhenDue();
    measure(now);
    if (ending == null) {
      replyTo.tell(new Advanced(committed.size(), committed.size() == file.size()));
    }
    return proceed();
  }

  private Behavior<Command> onResume() {
    paused = false;
    return proceed();
  }

  private Behavior<Command> onLeft() {
    if (ending != null) {
      replyTo.tell(ending);
    }
    return Behaviors.stopped();
  }

  /** Does whatever the state allows: more lanes, more hashing, the end. */
  private Behavior<Command> proceed() {
    if (ending != null) {
      return leaveWhenIdle();
    }
    hash();
    if (committed.size() < file.size()) {
      fillLanes();
      return this;
    }
    return lanes.isEmpty() && !hashing && !persisting && hashed == file.size() ? verify() : this;
  }

  private Behavior<Command> verify() {
    String actual = hasher.finish();
    if (actual.equals(file.blob().etag())) {
      replyTo.tell(new Advanced(file.size(), true));
      replyTo.tell(new Verified());
      return Behaviors.stopped();
    }
    context
        .getLog()
        .warn("{} arrived with hash {}, expected {}", file.path(), actual, file.blob().etag());
    committed = RangeSet.EMPTY;
    hashed = 0;
    if (fetchedAnew) {
      return end(new Failed(TransferFailures.mismatch(repository, file, actual)));
    }
    return fetchAnew();
  }

  /** Everything once more, over one connection, from a location of its own. */
  private Behavior<Command> fetchAnew() {
    fetchedAnew = true;
    sequential = true;
    location = null;
    hasher = new PieceHasher(part);
    progressMark = 0;
    persistedBytes = 0;
    persisting = true;
    context.pipeToSelf(
        onDisk(
            () -> {
              part.reset();
              return new Persisted(RangeSet.EMPTY);
            }),
        Transfer::outcome);
    return this;
  }

  private void fillLanes() {
    if (paused || (fetchedAnew && persisting && committed.size() == 0)) {
      return;
    }
    if (rangesIgnored && lanes.isEmpty()) {
      committed = committed.below(committed.prefix());
    }
    Hub.Location known = location;
    if (known == null) {
      locate();
      return;
    }
    int most = sequential ? 1 : width.lanes();
    while (lanes.size() < most) {
      Optional<ByteRange> piece =
          LanePlan.next(
              committed,
              lanes.values().stream().map(LaneWatch::piece).toList(),
              file.size(),
              length());
      if (piece.isEmpty()) {
        return;
      }
      open(known.address(), piece.get());
    }
  }

  private long length() {
    if (sequential) {
      return file.size();
    }
    double rate = lanes.values().stream().mapToDouble(LaneWatch::rate).max().orElse(0);
    return LanePlan.pieceLength(
        settings.piece(), Math.max(rate, lastRate), file.size() - committed.size(), width.lanes());
  }

  private double lastRate;

  private void open(Address address, ByteRange piece) {
    int number = laneNumber++;
    boolean whole = piece.length() == file.size();
    ActorRef<Command> self = context.getSelf();
    Lane.Running running =
        new Lane(
                hub,
                web,
                part,
                address,
                piece,
                !whole && !rangesIgnored,
                (from, to) -> self.tell(new Wrote(number, from, to)))
            .run();
    lanes.put(number, new LaneWatch(address, piece, running.stop()));
    context.pipeToSelf(running.ended(), (Done _, Throwable cause) -> new LaneEnded(number, cause));
  }

  private void locate() {
    if (locating) {
      return;
    }
    locating = true;
    context.pipeToSelf(
        hub.locate(repository, commit, file.path()),
        (found, cause) -> cause == null ? new Located(found) : new LocateFailed(cause));
  }

  /** Asks again after a pause, or gives up. Failures during one pause count once. */
  private Behavior<Command> again(Failure failure) {
    if (paused) {
      return proceed();
    }
    fruitless++;
    if (fruitless > settings.retries()) {
      return end(new Failed(failure));
    }
    context.getLog().debug("{}: {} (try {})", file.path(), failure.message(), fruitless);
    Duration pause = settings.backoff().pause(fruitless, ThreadLocalRandom.current());
    Duration asked = failure.retryAfter();
    if (asked != null && asked.compareTo(pause) > 0) {
      pause = asked;
      width = width.narrowed();
    }
    paused = true;
    timers.startSingleTimer(new Resume(), pause);
    return proceed();
  }

  private void hash() {
    long frontier = committed.prefix();
    if (hashing || frontier <= hashed) {
      return;
    }
    hashing = true;
    PieceHasher current = hasher;
    context.pipeToSelf(onDisk(() -> new Hashed(current.advance(frontier))), Transfer::outcome);
  }

  private void persistWhenDue() {
    long fresh = committed.size() - persistedBytes;
    boolean due =
        fresh >= settings.persistBytes()
            || (fresh > 0
                && System.nanoTime() - persistedAt >= settings.persistInterval().toNanos());
    if (!due || persisting || ending != null || committed.size() == file.size()) {
      return;
    }
    persisting = true;
    RangeSet now = committed;
    context.pipeToSelf(
        onDisk(
            () -> {
              part.persist(now);
              return new Persisted(now);
            }),
        Transfer::outcome);
  }

  /** Looks whether more connections bring more. */
  private void measure(long now) {
    if (sequential
        || paused
        || lanes.size() < width.lanes()
        || now - measuredAt < MEASURE.toNanos()) {
      if (paused || sequential || lanes.size() < width.lanes()) {
        measuredAt = now;
        measuredBytes = committed.size();
      }
      return;
    }
    double rate = (committed.size() - measuredBytes) * 1e9 / (now - measuredAt);
    lastRate = rate / width.lanes();
    width = width.measured(rate, settings.connections());
    measuredAt = now;
    measuredBytes = committed.size();
  }

  private Behavior<Command> end(Event event) {
    if (ending == null) {
      ending = event;
      timers.cancelAll();
      lanes.values().forEach(LaneWatch::stop);
    }
    return leaveWhenIdle();
  }

  private Behavior<Command> leaveWhenIdle() {
    if (lanes.isEmpty() && !hashing && !persisting && !leaving) {
      leaving = true;
      RangeSet kept = committed;
      context.pipeToSelf(
          onDisk(
              () -> {
                part.leave(kept);
                return new Left();
              }),
          (left, cause) -> new Left());
    }
    return this;
  }

  private boolean leaving;

  private CompletableFuture<Command> onDisk(DiskTask task) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return task.run();
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        disk);
  }

  private static Command outcome(@Nullable Command done, @Nullable Throwable cause) {
    return done != null
        ? done
        : new DiskFailed(cause == null ? new IllegalStateException() : cause);
  }

  /** Work that blocks. */
  private interface DiskTask {
    Command run() throws java.io.IOException;
  }
}
