package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.model.DownloadProgress;
import dev.finch.model.DownloadProgress.Phase;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one model: asks what it consists of, then for each file takes its lock, transfers what is
 * missing, and publishes it. The model is complete when its last file is visible.
 */
final class ModelDownload extends AbstractMatchingBehavior<ModelDownload.Command> {

  sealed interface Command {}

  /** Stop now and keep what has come. */
  record Stop() implements Command {}

  private record Planned(Plan plan) implements Command {}

  private record Stepped(Step step) implements Command {}

  private record StepFailed(Throwable cause) implements Command {}

  private record Locking(BlobLock.Event event) implements Command {}

  private record Transferring(Transfer.Event event) implements Command {}

  /** What a blocking step found or did. */
  private sealed interface Step {}

  private record SpaceChecked() implements Step {}

  private record Shown(Path file) implements Step {}

  private record Missing() implements Step {}

  private record Opened(PartFile part) implements Step {}

  private record Finished(LocalModel model) implements Step {}

  static Behavior<Command> create(ModelSpec spec, Tools tools, ActorRef<Downloader.Told> replyTo) {
    return Behaviors.setup(context -> new ModelDownload(context, spec, tools, replyTo));
  }

  /** What all downloads share. */
  record Tools(
      DownloadSettings settings,
      CacheLayout layout,
      CacheWriter writer,
      Planner planner,
      Hub hub,
      Web web) {}

  private final ActorContext<Command> context;
  private final Executor disk;
  private final ModelSpec spec;
  private final Tools tools;
  private final ActorRef<Downloader.Told> replyTo;
  private final ProgressReport report = new ProgressReport();
  private final List<Path> shown = new ArrayList<>();
  private Plan.@Nullable Needed plan;
  private @Nullable ActorRef<BlobLock.Command> lock;
  private CompletableFuture<Step> step = new CompletableFuture<>();
  private @Nullable PartFile part;
  private @Nullable ActorRef<Transfer.Command> transfer;
  private boolean stopping;

  private ModelDownload(
      ActorContext<Command> context,
      ModelSpec spec,
      Tools tools,
      ActorRef<Downloader.Told> replyTo) {
    super(context);
    this.context = context;
    this.disk =
        context
            .getSystem()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig(DownloadSettings.DISPATCHER));
    this.spec = spec;
    this.tools = tools;
    this.replyTo = replyTo;
    tell(new Downloader.Progressed(DownloadProgress.resolving()));
    CompletionStage<Plan> planned =
        CompletableFuture.supplyAsync(() -> tools.planner().plan(spec), disk)
            .thenCompose(stage -> stage);
    context.pipeToSelf(
        planned, (found, cause) -> found != null ? new Planned(found) : new StepFailed(cause));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Stop _ -> onStop();
      case Planned planned -> onPlanned(planned.plan());
      case Stepped stepped -> onStepped(stepped.step());
      case StepFailed failed -> fail(Failures.of(failed.cause()));
      case Locking locking -> onLocking(locking.event());
      case Transferring transferring -> onTransferring(transferring.event());
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      step.thenAccept(
          late -> {
            if (late instanceof Opened opened) {
              close(opened.part());
            }
          });
    }
    return this;
  }

  private Behavior<Command> onStop() {
    stopping = true;
    ActorRef<Transfer.Command> running = transfer;
    if (running == null) {
      return Behaviors.stopped();
    }
    running.tell(new Transfer.Stop());
    return this;
  }

  private Behavior<Command> onPlanned(Plan found) {
    return switch (found) {
      case Plan.Cached cached -> {
        report.expect(cached.bytes());
        String warning = cached.warning();
        if (warning != null) {
          context.getLog().warn("{}: {}", spec.name(), warning);
        }
        yield complete(cached.model());
      }
      case Plan.Needed needed -> {
        plan = needed;
        report.expect(needed.totalBytes());
        step(
            () -> {
              DiskSpace.require(tools.settings().cache(), missing(needed));
              return new SpaceChecked();
            });
        yield this;
      }
    };
  }

  private Behavior<Command> onStepped(Step step) {
    return switch (step) {
      case SpaceChecked _ -> nextFile();
      case Missing _ -> current().size() == 0 ? publishEmpty() : takeLock();
      case Opened opened -> startTransfer(opened.part());
      case Shown file -> {
        release();
        report.fileDone(current().size());
        shown.add(file.file());
        yield nextFile();
      }
      case Finished finished -> complete(finished.model());
    };
  }

  private Behavior<Command> nextFile() {
    Plan.Needed needed = needed();
    if (shown.size() == needed.files().size()) {
      List<Path> files = List.copyOf(shown);
      step(
          () -> {
            point(needed);
            return new Finished(new LocalModel(spec, files, needed.commit()));
          });
      return this;
    }
    RemoteFile file = current();
    step(() -> showIfPresent(needed, file));
    return this;
  }

  private Behavior<Command> takeLock() {
    lock =
        context.spawnAnonymous(
            BlobLock.create(
                tools.layout(),
                needed().repository(),
                current(),
                tools.settings().lockPatience(),
                context.messageAdapter(BlobLock.Event.class, Locking::new)));
    return this;
  }

  private Behavior<Command> onLocking(BlobLock.Event event) {
    switch (event) {
      case BlobLock.Waiting _ -> tell(Phase.WAITING_FOR_LOCK);
      case BlobLock.Passed passed -> {
        Plan.Needed needed = needed();
        RemoteFile file = current();
        boolean held = passed.held();
        // Another process may have finished the file while this one waited.
        step(
            () -> {
              Step present = showIfPresent(needed, file);
              return present instanceof Missing
                  ? new Opened(PartFile.open(tools.layout().blobs(needed.repository()), file, held))
                  : present;
            });
      }
    }
    return this;
  }

  private Behavior<Command> publishEmpty() {
    Plan.Needed needed = needed();
    RemoteFile file = current();
    step(() -> new Shown(tools.writer().publishEmpty(needed.repository(), needed.commit(), file)));
    return this;
  }

  private Behavior<Command> startTransfer(PartFile opened) {
    part = opened;
    report.fileAt(opened.found().size());
    tell(Phase.DOWNLOADING);
    Plan.Needed needed = needed();
    transfer =
        context.spawnAnonymous(
            Transfer.create(
                new Transfer.Job(
                    needed.repository(),
                    needed.commit(),
                    opened,
                    tools.hub(),
                    tools.web(),
                    tools.settings()),
                context.messageAdapter(Transfer.Event.class, Transferring::new)));
    return this;
  }

  private Behavior<Command> onTransferring(Transfer.Event event) {
    return switch (event) {
      case Transfer.Advanced advanced -> {
        report.fileAt(advanced.committed());
        tell(advanced.verifying() ? Phase.VERIFYING : Phase.DOWNLOADING);
        yield this;
      }
      case Transfer.Verified _ -> publish();
      case Transfer.Failed failed -> {
        transfer = null;
        part = null;
        yield fail(failed.failure());
      }
      case Transfer.Stopped _ -> Behaviors.stopped();
    };
  }

  private Behavior<Command> publish() {
    transfer = null;
    PartFile verified = part;
    part = null;
    if (verified == null) {
      throw new IllegalStateException("A transfer ended that was not begun");
    }
    Plan.Needed needed = needed();
    step(() -> new Shown(tools.writer().publish(verified, needed.repository(), needed.commit())));
    return this;
  }

  private Behavior<Command> complete(LocalModel model) {
    if (!stopping) {
      tell(new Downloader.Progressed(report.done()));
      tell(new Downloader.Completed(model));
    }
    return Behaviors.stopped();
  }

  private Behavior<Command> fail(Failure failure) {
    if (!stopping) {
      tell(Downloader.ended(failure));
    }
    return Behaviors.stopped();
  }

  private void tell(Phase phase) {
    if (!stopping) {
      tell(new Downloader.Progressed(report.now(phase, System.nanoTime())));
    }
  }

  private void tell(Downloader.Event event) {
    replyTo.tell(new Downloader.Told(spec.origin(), event));
  }

  private long missing(Plan.Needed needed) throws IOException {
    long missing = 0;
    for (RemoteFile file : needed.files()) {
      boolean there =
          tools.writer().hasFile(needed.repository(), needed.commit(), file)
              || tools.writer().hasBlob(needed.repository(), file);
      if (!there) {
        missing +=
            file.size() - PartFile.resumable(tools.layout().blobs(needed.repository()), file);
      }
    }
    return missing;
  }

  private Step showIfPresent(Plan.Needed needed, RemoteFile file) throws IOException {
    CacheWriter writer = tools.writer();
    if (writer.hasFile(needed.repository(), needed.commit(), file)) {
      return new Shown(
          tools.layout().snapshotFile(needed.repository(), needed.commit(), file.path()));
    }
    writer.prepare(needed.repository(), file);
    return writer.hasBlob(needed.repository(), file)
        ? new Shown(writer.show(needed.repository(), needed.commit(), file))
        : new Missing();
  }

  /** A cache that cannot be written but holds everything is as good as any. */
  private void point(Plan.Needed needed) throws IOException {
    try {
      tools.writer().point(needed.repository(), needed.revision(), needed.commit());
    } catch (IOException e) {
      if (!Failures.refusesWriting(e)) {
        throw e;
      }
    }
  }

  private void step(BlockingStep work) {
    step =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return work.run();
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            disk);
    context.pipeToSelf(
        step, (result, cause) -> result != null ? new Stepped(result) : new StepFailed(cause));
  }

  private void release() {
    ActorRef<BlobLock.Command> held = lock;
    lock = null;
    if (held != null) {
      context.stop(held);
    }
  }

  private static void close(PartFile part) {
    try {
      part.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Plan.Needed needed() {
    Plan.Needed needed = plan;
    if (needed == null) {
      throw new IllegalStateException("Nothing is planned yet");
    }
    return needed;
  }

  private RemoteFile current() {
    return needed().files().get(shown.size());
  }

  /** Work that blocks. */
  private interface BlockingStep {
    Step run() throws IOException;
  }
}
