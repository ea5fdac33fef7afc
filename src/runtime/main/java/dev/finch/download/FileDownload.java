package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.model.DownloadProgress.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Makes one file of a model visible in the cache: it is there already, or its lock is taken, what
 * is missing transferred, and the whole published. The lock is held until this actor ends.
 */
final class FileDownload extends AbstractMatchingBehavior<FileDownload.Command> {

  sealed interface Command {}

  /** Stop now and keep what has come. */
  record Stop() implements Command {}

  private record Stepped(Step step) implements Command {}

  private record StepFailed(Throwable cause) implements Command {}

  private record Locking(BlobLock.Event event) implements Command {}

  private record Transferring(Transfer.Event event) implements Command {}

  /** What a blocking step found or did. */
  private sealed interface Step {}

  private record Found(Path file) implements Step {}

  private record Missing() implements Step {}

  private record Opened(PartFile part) implements Step {}

  sealed interface Event {}

  /** So many bytes of it are on disk; -1 where that is not known yet. */
  record Advanced(Phase phase, long committed, @Nullable String trouble) implements Event {
    Advanced(Phase phase, long committed) {
      this(phase, committed, null);
    }
  }

  /** It is in the cache, whole and visible. */
  record Shown(Path file) implements Event {}

  record Failed(Failure failure) implements Event {}

  record Stopped() implements Event {}

  static Behavior<Command> create(
      FetchPlan.Needed plan, RemoteFile file, ModelDownload.Tools tools, ActorRef<Event> replyTo) {
    return Behaviors.setup(context -> new FileDownload(context, plan, file, tools, replyTo));
  }

  private final ActorContext<Command> context;
  private final Blocking disk;
  private final FetchPlan.Needed plan;
  private final RemoteFile file;
  private final ModelDownload.Tools tools;
  private final ActorRef<Event> replyTo;
  private CompletableFuture<Step> step = new CompletableFuture<>();
  private @Nullable PartFile part;
  private @Nullable ActorRef<Transfer.Command> transfer;

  private FileDownload(
      ActorContext<Command> context,
      FetchPlan.Needed plan,
      RemoteFile file,
      ModelDownload.Tools tools,
      ActorRef<Event> replyTo) {
    super(context);
    this.context = context;
    this.disk = new Blocking(context.getSystem());
    this.plan = plan;
    this.file = file;
    this.tools = tools;
    this.replyTo = replyTo;
    step(this::find);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Stop _ -> onStop();
      case Stepped stepped -> onStepped(stepped.step());
      case StepFailed failed -> end(new Failed(DiskFailures.of(failed.cause())));
      case Locking locking -> onLocking(locking.event());
      case Transferring transferring -> onTransferring(transferring.event());
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    return switch (signal) {
      case ChildFailed failed -> end(new Failed(DiskFailures.of(failed.cause())));
      case PostStop _ -> {
        step.thenAccept(FileDownload::closeLate);
        yield this;
      }
      default -> this;
    };
  }

  private Behavior<Command> onStop() {
    ActorRef<Transfer.Command> running = transfer;
    if (running == null) {
      return end(new Stopped());
    }
    running.tell(new Transfer.Stop());
    return this;
  }

  private Behavior<Command> onStepped(Step step) {
    return switch (step) {
      case Found found -> end(new Shown(found.file()));
      case Missing _ -> fetch();
      case Opened opened -> startTransfer(opened.part());
    };
  }

  private Behavior<Command> fetch() {
    if (file.size() == 0) {
      return step(
          () -> new Found(tools.writer().publishEmpty(plan.repository(), plan.commit(), file)));
    }
    context.spawnAnonymous(
        BlobLock.create(
            tools.layout(),
            plan.repository(),
            file,
            tools.settings().lockPatience(),
            context.messageAdapter(BlobLock.Event.class, Locking::new)));
    return this;
  }

  private Behavior<Command> onLocking(BlobLock.Event event) {
    return switch (event) {
      case BlobLock.Waiting _ -> {
        replyTo.tell(new Advanced(Phase.WAITING_FOR_LOCK, -1));
        yield this;
      }
      case BlobLock.Passed passed -> step(() -> findAgain(passed.held()));
    };
  }

  private Behavior<Command> startTransfer(PartFile opened) {
    part = opened;
    replyTo.tell(new Advanced(Phase.DOWNLOADING, opened.found().size()));
    Transfer.Job job =
        new Transfer.Job(
            plan.repository(),
            plan.commit(),
            opened,
            tools.hub(),
            tools.hubHttp(),
            tools.settings());
    ActorRef<Transfer.Command> begun =
        context.spawnAnonymous(
            Transfer.create(job, context.messageAdapter(Transfer.Event.class, Transferring::new)),
            DispatcherSelector.blocking());
    context.watch(begun);
    transfer = begun;
    return this;
  }

  private Behavior<Command> onTransferring(Transfer.Event event) {
    return switch (event) {
      case Transfer.Advanced advanced -> {
        Phase phase = advanced.verifying() ? Phase.VERIFYING : Phase.DOWNLOADING;
        replyTo.tell(new Advanced(phase, advanced.committed(), advanced.trouble()));
        yield this;
      }
      case Transfer.Verified _ -> publish();
      case Transfer.Failed failed -> end(new Failed(failed.failure()));
      case Transfer.Stopped _ -> end(new Stopped());
    };
  }

  private Behavior<Command> publish() {
    PartFile verified = part;
    if (verified == null) {
      throw new IllegalStateException("A transfer ended that was not begun");
    }
    transfer = null;
    return step(
        () -> new Found(tools.writer().publish(verified, plan.repository(), plan.commit())));
  }

  private Behavior<Command> end(Event event) {
    replyTo.tell(event);
    return Behaviors.stopped();
  }

  private Step find() throws IOException {
    CacheWriter writer = tools.writer();
    if (writer.hasFile(plan.repository(), plan.commit(), file)) {
      return new Found(tools.layout().snapshotFile(plan.repository(), plan.commit(), file.path()));
    }
    writer.prepare(plan.repository(), file);
    return writer.hasBlob(plan.repository(), file)
        ? new Found(writer.show(plan.repository(), plan.commit(), file))
        : new Missing();
  }

  /** Another process may have finished the file while this one waited for the lock. */
  private Step findAgain(boolean held) throws IOException {
    Step found = find();
    return found instanceof Missing
        ? new Opened(PartFile.open(tools.layout().blobs(plan.repository()), file, held))
        : found;
  }

  private Behavior<Command> step(Blocking.Work<Step> work) {
    step = disk.run(work);
    context.pipeToSelf(
        step, (result, cause) -> result != null ? new Stepped(result) : new StepFailed(cause));
    return this;
  }

  private static void closeLate(Step late) {
    if (late instanceof Opened opened) {
      try {
        opened.part().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
