package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.failure.Thrown;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
 * <p>Pieces come over one or several {@link RangeFetch}s while the hash runs behind the first gap
 * and the part's state is written now and then. What fails is asked for again, at a new location
 * where the old one is stale; only failures in a row without progress end the transfer. Bytes that
 * were committed are never written again, so what was hashed is what is on disk.
 *
 * <p>Wants a dispatcher on which it may block: where it is stopped from outside, by the end of the
 * actor system for example, its last act is to write down what has come.
 */
final class Transfer extends AbstractMatchingBehavior<Transfer.Command> {

  sealed interface Command {}

  /** Stop now and keep the part. */
  record Stop() implements Command {}

  private record Located(Hub.Location location) implements Command {}

  private record LocateFailed(Throwable cause) implements Command {}

  private record Wrote(int fetch, long from, long to) implements Command {}

  private record RangeFetchEnded(int fetch, @Nullable Throwable cause) implements Command {}

  private record Settled(PartProgress.Entry entry) implements Command {}

  private record DiskFailed(Throwable cause) implements Command {}

  private record Tick() implements Command {}

  private record Resume() implements Command {}

  sealed interface Event {}

  /**
   * Bytes are on disk; all of them and being hashed where {@code verifying}.
   *
   * @param trouble what failed last, while nothing has come since
   */
  record Advanced(long committed, boolean verifying, @Nullable String trouble) implements Event {}

  /** All bytes are in the part and have the right hash. The part is still open. */
  record Verified() implements Event {}

  /** It ended without; the part is closed, and kept where it can be continued. */
  record Failed(Failure failure) implements Event {}

  /** It ended because it was told to; the part is closed and kept. */
  record Stopped() implements Event {}

  /** What is to be fetched, into where, and by what. */
  record Job(
      String repository,
      String commit,
      PartFile part,
      Hub hub,
      HubHttp hubHttp,
      DownloadSettings settings) {
    RemoteFile file() {
      return part.file();
    }
  }

  private static final Duration TICK = Duration.ofMillis(100);

  static Behavior<Command> create(Job job, ActorRef<Event> replyTo) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Transfer(context, timers, job, replyTo).proceed()));
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Blocking disk;
  private final Job job;
  private final long size;
  private final ActorRef<Event> replyTo;
  private final PartProgress progress;
  private final RangeFetches fetches;
  private final RetryBudget retryBudget;

  private Hub.@Nullable Location location;
  private @Nullable Event ending;
  private @Nullable String trouble;
  private boolean locating;
  private boolean paused;
  private boolean leaving;
  private boolean rangesDoubted;
  private boolean rangesIgnored;
  private boolean fetchedAnew;
  private boolean verified;

  private Transfer(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Job job,
      ActorRef<Event> replyTo) {
    super(context);
    this.context = context;
    this.timers = timers;
    this.disk = new Blocking(context.getSystem());
    this.job = job;
    this.size = job.file().size();
    this.replyTo = replyTo;
    this.progress = new PartProgress(job.part(), job.settings(), this::onDisk);
    this.fetches = new RangeFetches(job, listener(context.getSelf()));
    this.retryBudget = new RetryBudget(job.settings().retries(), progress.committed().size());
    timers.startTimerWithFixedDelay(new Tick(), TICK);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Stop _ -> end(new Stopped());
      case Located located -> onLocated(located.location());
      case LocateFailed failed -> onLocateFailed(failed.cause());
      case Wrote wrote -> onWrote(wrote);
      case RangeFetchEnded ended -> onRangeFetchEnded(ended);
      case Settled settled -> onSettled(settled.entry());
      case DiskFailed failed -> onDiskFailed(failed.cause());
      case Tick _ -> onTick();
      case Resume _ -> onResume();
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      fetches.stop();
      if (!verified) {
        progress.leaveNow();
      }
    }
    return this;
  }

  private Behavior<Command> onLocated(Hub.Location found) {
    locating = false;
    BlobId blob = found.blob();
    BlobId expected = job.file().blob();
    boolean another =
        blob != null && blob.isSha256() == expected.isSha256() && !blob.equals(expected);
    if (another || (found.size() >= 0 && found.size() != size)) {
      return end(new Failed(TransferFailures.changed(job.repository(), job.file(), found)));
    }
    location = found;
    return proceed();
  }

  private Behavior<Command> onLocateFailed(Throwable cause) {
    locating = false;
    Failure failure = DiskFailures.of(cause);
    return failure.retryable() ? again(failure) : end(new Failed(failure));
  }

  private Behavior<Command> onWrote(Wrote wrote) {
    trouble = null;
    fetches.wrote(wrote.fetch(), wrote.to() - wrote.from());
    progress.wrote(wrote.from(), wrote.to());
    retryBudget.committed(progress.committed().size());
    return proceed();
  }

  private Behavior<Command> onRangeFetchEnded(RangeFetchEnded ended) {
    RangeFetchWatch fetch = fetches.ended(ended.fetch());
    if (fetch == null || ending != null) {
      return proceed();
    }
    Throwable cause = ended.cause();
    if (cause == null) {
      return fetch.complete() || rangesIgnored
          ? proceed()
          : again(TransferFailures.cut(fetch.address()));
    }
    return switch (Thrown.unwrapped(cause)) {
      case RangeFetch.RangesIgnored _ -> onRangesIgnored(fetch.address());
      case RangeFetch.LocationStale _ -> {
        location = null;
        yield again(TransferFailures.stale(job.file(), fetch.address()));
      }
      case UncheckedIOException unwritten -> onDiskFailed(unwritten);
      default -> again(TransferFailures.ofRangeFetch(fetch.address(), cause));
    };
  }

  /**
   * One such answer says little, and none does while others bring what was asked for. Else only one
   * connection can serve, and only from the first gap on.
   */
  private Behavior<Command> onRangesIgnored(Address address) {
    if (fetches.rangesHonoured() || !rangesDoubted) {
      rangesDoubted = true;
      return again(TransferFailures.rangeIgnored(address));
    }
    rangesIgnored = true;
    fetches.single();
    fetches.stop();
    return proceed();
  }

  private Behavior<Command> onSettled(PartProgress.Entry entry) {
    progress.settle(entry);
    return entry instanceof PartProgress.Left ? left() : proceed();
  }

  private Behavior<Command> onDiskFailed(Throwable cause) {
    if (leaving) {
      return left();
    }
    progress.failed();
    return end(
        new Failed(
            DiskFailures.diskFull(cause)
                ? DiskFailures.diskFull(job.settings().cache(), size - progress.committed().size())
                : DiskFailures.of(cause)));
  }

  private Behavior<Command> onTick() {
    fetches.tick(progress.committed().size());
    replyTo.tell(new Advanced(progress.committed().size(), progress.whole(), trouble));
    return proceed();
  }

  private Behavior<Command> onResume() {
    paused = false;
    return proceed();
  }

  /** Does whatever the state allows: more connections, more hashing, the end. */
  private Behavior<Command> proceed() {
    if (ending != null) {
      return leaveWhenIdle();
    }
    progress.keepUp();
    if (!progress.whole()) {
      startFetches();
      return this;
    }
    return fetches.idle() && progress.closed() ? verify() : this;
  }

  private void startFetches() {
    if (paused || progress.emptying()) {
      return;
    }
    if (rangesIgnored && fetches.idle()) {
      progress.keepPrefix();
    }
    Hub.Location known = location;
    if (known != null) {
      fetches.fill(progress.committed(), known.address(), !rangesIgnored);
    } else if (!locating) {
      locating = true;
      context.pipeToSelf(
          job.hub().locate(job.repository(), job.commit(), job.file().path()),
          (found, cause) -> cause == null ? new Located(found) : new LocateFailed(cause));
    }
  }

  private Behavior<Command> verify() {
    String actual = progress.digest();
    BlobId expected = job.file().blob();
    if (actual.equals(expected.etag())) {
      replyTo.tell(new Advanced(size, true, null));
      verified = true;
      replyTo.tell(new Verified());
      return Behaviors.stopped();
    }
    context
        .getLog()
        .warn("{} arrived with hash {}, expected {}", job.file().path(), actual, expected.etag());
    progress.forget();
    return fetchedAnew
        ? end(new Failed(TransferFailures.mismatch(job.repository(), job.file(), actual)))
        : fetchAnew();
  }

  /** Everything once more, over one connection, from a location of its own. */
  private Behavior<Command> fetchAnew() {
    fetchedAnew = true;
    fetches.single();
    location = null;
    retryBudget.reset();
    progress.restart();
    return this;
  }

  /** Asks again after a pause, or gives up. Failures during one pause count once. */
  private Behavior<Command> again(Failure failure) {
    if (paused) {
      return proceed();
    }
    int count = retryBudget.failed();
    if (count == 0) {
      return end(new Failed(failure));
    }
    context.getLog().debug("{}: {} (failure {})", job.file().path(), failure.message(), count);
    Duration pause = job.settings().backoff().pause(count, ThreadLocalRandom.current());
    Duration asked = failure.retryAfter().orElse(null);
    if (asked != null && asked.compareTo(pause) > 0) {
      pause = asked;
      fetches.narrow();
    }
    paused = true;
    trouble = failure.message();
    timers.startSingleTimer(new Resume(), pause);
    return proceed();
  }

  private Behavior<Command> end(Event event) {
    if (ending == null) {
      ending = event;
      timers.cancelAll();
      fetches.stop();
    }
    return leaveWhenIdle();
  }

  private Behavior<Command> leaveWhenIdle() {
    if (fetches.idle() && !progress.busy() && !leaving) {
      leaving = true;
      progress.leave();
    }
    return this;
  }

  private Behavior<Command> left() {
    if (ending != null) {
      replyTo.tell(ending);
    }
    return Behaviors.stopped();
  }

  private void onDisk(Blocking.Work<PartProgress.Entry> task) {
    context.pipeToSelf(
        disk.run(task), (done, cause) -> done != null ? new Settled(done) : new DiskFailed(cause));
  }

  private static RangeFetches.Listener listener(ActorRef<Command> self) {
    return new RangeFetches.Listener() {
      @Override
      public void wrote(int fetch, long from, long to) {
        self.tell(new Wrote(fetch, from, to));
      }

      @Override
      public void ended(int fetch, @Nullable Throwable cause) {
        self.tell(new RangeFetchEnded(fetch, cause));
      }
    };
  }
}
