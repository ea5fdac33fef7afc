package dev.finch.download;

import dev.finch.failure.Failure;
import dev.finch.model.DownloadProgress;
import dev.finch.model.DownloadProgress.Phase;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one model: asks what it consists of, looks whether there is room, and then brings one
 * file after the other. The model is complete when its last file is visible.
 */
final class ModelDownload extends AbstractMatchingBehavior<ModelDownload.Command> {

  sealed interface Command {}

  /** Stop now and keep what has come. */
  record Stop() implements Command {}

  private record Planned(FetchPlan plan) implements Command {}

  private record RoomFound() implements Command {}

  private record Filed(FileDownload.Event event) implements Command {}

  private record Finished(LocalModel model) implements Command {}

  private record Broke(Throwable cause) implements Command {}

  static Behavior<Command> create(ModelSpec spec, Tools tools, ActorRef<Downloader.Told> replyTo) {
    return Behaviors.setup(context -> new ModelDownload(context, spec, tools, replyTo).begin());
  }

  /** What all downloads share. */
  record Tools(
      DownloadSettings settings,
      CacheLayout layout,
      CacheWriter writer,
      Planner planner,
      Hub hub,
      HubHttp hubHttp) {}

  private final ActorContext<Command> context;
  private final Blocking disk;
  private final ModelSpec spec;
  private final Tools tools;
  private final ActorRef<Downloader.Told> replyTo;
  private final ProgressReport report = new ProgressReport();
  private final List<Path> shown = new ArrayList<>();
  private FetchPlan.@Nullable Needed plan;
  private @Nullable ActorRef<FileDownload.Command> file;
  private boolean stopping;

  private ModelDownload(
      ActorContext<Command> context,
      ModelSpec spec,
      Tools tools,
      ActorRef<Downloader.Told> replyTo) {
    super(context);
    this.context = context;
    this.disk = new Blocking(context.getSystem());
    this.spec = spec;
    this.tools = tools;
    this.replyTo = replyTo;
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Stop _ -> onStop();
      case Planned planned -> onPlanned(planned.plan());
      case RoomFound _ -> nextFile();
      case Filed filed -> onFiled(filed.event());
      case Finished finished -> complete(finished.model());
      case Broke broke -> fail(DiskFailures.of(broke.cause()));
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    return signal instanceof ChildFailed failed ? fail(DiskFailures.of(failed.cause())) : this;
  }

  private Behavior<Command> begin() {
    tell(new Downloader.Progressed(DownloadProgress.resolving()));
    context.pipeToSelf(
        disk.run(() -> tools.planner().plan(spec)).thenCompose(stage -> stage),
        (found, cause) -> found != null ? new Planned(found) : new Broke(cause));
    return this;
  }

  private Behavior<Command> onStop() {
    stopping = true;
    ActorRef<FileDownload.Command> running = file;
    if (running == null) {
      return Behaviors.stopped();
    }
    running.tell(new FileDownload.Stop());
    return this;
  }

  private Behavior<Command> onPlanned(FetchPlan found) {
    return switch (found) {
      case FetchPlan.Cached cached -> {
        report.expect(cached.bytes());
        String warning = cached.warning();
        if (warning != null) {
          context.getLog().warn("{}: {}", spec.name(), warning);
        }
        yield complete(cached.model());
      }
      case FetchPlan.Needed needed -> {
        plan = needed;
        report.expect(needed.totalBytes());
        yield blocking(
            () -> {
              DiskSpace.require(tools.settings().cache(), missing(needed));
              return new RoomFound();
            });
      }
    };
  }

  private Behavior<Command> nextFile() {
    FetchPlan.Needed needed = needed();
    if (shown.size() == needed.files().size()) {
      LocalModel model = new LocalModel(spec, shown, needed.commit());
      return blocking(
          () -> {
            point(needed);
            return new Finished(model);
          });
    }
    ActorRef<FileDownload.Command> begun =
        context.spawnAnonymous(
            FileDownload.create(
                needed,
                needed.files().get(shown.size()),
                tools,
                context.messageAdapter(FileDownload.Event.class, Filed::new)));
    context.watch(begun);
    file = begun;
    return this;
  }

  private Behavior<Command> onFiled(FileDownload.Event event) {
    return switch (event) {
      case FileDownload.Advanced(Phase phase, long committed, String trouble) -> {
        report.fileAt(committed);
        if (!stopping) {
          tell(new Downloader.Progressed(report.now(phase, System.nanoTime()).heldUpBy(trouble)));
        }
        yield this;
      }
      case FileDownload.Shown(Path path) -> {
        report.fileDone(needed().files().get(shown.size()).size());
        shown.add(path);
        file = null;
        yield stopping ? Behaviors.stopped() : nextFile();
      }
      case FileDownload.Failed(Failure failure) -> fail(failure);
      case FileDownload.Stopped _ -> Behaviors.stopped();
    };
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

  private void tell(Downloader.Event event) {
    replyTo.tell(new Downloader.Told(spec.origin(), event));
  }

  private long missing(FetchPlan.Needed needed) throws IOException {
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

  /** A cache that cannot be written but holds everything is as good as any. */
  private void point(FetchPlan.Needed needed) throws IOException {
    try {
      tools.writer().point(needed.repository(), needed.revision(), needed.commit());
    } catch (IOException e) {
      if (!DiskFailures.refusesWriting(e)) {
        throw e;
      }
    }
  }

  private Behavior<Command> blocking(Blocking.Work<Command> work) {
    context.pipeToSelf(disk.run(work), (done, cause) -> done != null ? done : new Broke(cause));
    return this;
  }

  private FetchPlan.Needed needed() {
    FetchPlan.Needed needed = plan;
    if (needed == null) {
      throw new IllegalStateException("Nothing is planned yet");
    }
    return needed;
  }
}
