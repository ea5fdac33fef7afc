package dev.finch.download;

import dev.finch.platform.FileLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
 * Holds the lock of one blob from when it gets it until it is stopped.
 *
 * <p>It waits while another holder makes progress: while the blob's files grow. A holder that shows
 * none for {@code lockPatience} is not waited for, since the lock only saves work and never makes a
 * result right.
 */
final class BlobLock extends AbstractMatchingBehavior<BlobLock.Command> {

  sealed interface Command {}

  private record Try() implements Command {}

  private record Tried(@Nullable FileLock lock, boolean present, long bytes) implements Command {}

  private record Unusable(Throwable cause) implements Command {}

  sealed interface Event {}

  /** Somebody else holds it; told once. */
  record Waiting() implements Event {}

  /** The blob may be fetched now; {@code held} unless it is done without the lock. */
  record Passed(boolean held) implements Event {}

  private static final Duration POLL = Duration.ofMillis(200);

  static Behavior<Command> create(
      CacheLayout layout,
      String repository,
      RemoteFile file,
      Duration patience,
      ActorRef<Event> replyTo) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new BlobLock(context, timers, layout, repository, file, patience, replyTo)));
  }

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Blocking disk;
  private final CacheLayout layout;
  private final String repository;
  private final RemoteFile file;
  private final Duration patience;
  private final ActorRef<Event> replyTo;
  private CompletableFuture<Tried> attempt = new CompletableFuture<>();
  private boolean told;
  private long bytes = -1;
  private long grewAt = System.nanoTime();

  private BlobLock(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      CacheLayout layout,
      String repository,
      RemoteFile file,
      Duration patience,
      ActorRef<Event> replyTo) {
    super(context);
    this.context = context;
    this.timers = timers;
    this.disk = new Blocking(context.getSystem());
    this.layout = layout;
    this.repository = repository;
    this.file = file;
    this.patience = patience;
    this.replyTo = replyTo;
    context.getSelf().tell(new Try());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Try _ -> onTry();
      case Tried tried -> onTried(tried);
      case Unusable unusable -> onUnusable(unusable.cause());
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      release();
    }
    return this;
  }

  private Behavior<Command> onTry() {
    attempt = disk.run(this::attempt);
    context.pipeToSelf(attempt, (tried, cause) -> tried != null ? tried : new Unusable(cause));
    return this;
  }

  private Behavior<Command> onTried(Tried tried) {
    if (tried.lock() != null || tried.present()) {
      return pass(tried.lock() != null);
    }
    if (!told) {
      told = true;
      replyTo.tell(new Waiting());
    }
    if (tried.bytes() != bytes) {
      bytes = tried.bytes();
      grewAt = System.nanoTime();
    }
    if (System.nanoTime() - grewAt > patience.toNanos()) {
      context
          .getLog()
          .warn("The lock of {} is held and nothing happens; going on without it.", file.path());
      return pass(false);
    }
    timers.startSingleTimer(new Try(), POLL);
    return this;
  }

  private Behavior<Command> onUnusable(Throwable cause) {
    context.getLog().debug("No lock for {}: {}", file.path(), cause.getMessage());
    return pass(false);
  }

  private Behavior<Command> pass(boolean held) {
    replyTo.tell(new Passed(held));
    return this;
  }

  /** An attempt may succeed after this has been stopped. */
  private void release() {
    attempt.thenAccept(
        tried -> {
          try {
            if (tried.lock() != null) {
              tried.lock().close();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private Tried attempt() throws IOException {
    Optional<FileLock> lock = FileLock.tryAcquire(layout.lock(repository, file.blob()));
    if (lock.isPresent()) {
      return new Tried(lock.get(), false, 0);
    }
    boolean present = CacheWriter.hasSize(layout.blob(repository, file.blob()), file.size());
    return new Tried(null, present, present ? 0 : bytesOnTheirWay());
  }

  /** What any tool has of this blob, whatever it calls it. */
  private long bytesOnTheirWay() throws IOException {
    long sum = 0;
    for (Path entry : CacheLayout.children(layout.blobs(repository))) {
      String name = String.valueOf(entry.getFileName());
      if (name.startsWith(file.blob().etag()) && Files.isRegularFile(entry)) {
        sum += Files.size(entry) + Files.getLastModifiedTime(entry).toMillis();
      }
    }
    return sum;
  }
}
