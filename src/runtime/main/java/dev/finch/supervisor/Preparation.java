package dev.finch.supervisor;

import dev.finch.download.Downloader;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.Thrown;
import dev.finch.model.DownloadProgress;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.selection.ModelSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * One try at getting one model from reference to files that may be loaded. The Supervisor spawns
 * one for each try and stops it to give the try up, so nothing of an abandoned try is ever mistaken
 * for the current one. A download that nobody else waits for ends with it.
 */
final class Preparation extends AbstractMatchingBehavior<Preparation.Command> {

  sealed interface Command {}

  /** Fetch what was found {@link Absent}. */
  enum Fetch implements Command {
    INSTANCE
  }

  private record Chosen(ModelSelector.Reply reply) implements Command {}

  private record LookedUp(Optional<LocalModel> found) implements Command {}

  private record DownloaderSaid(Downloader.Event event) implements Command {}

  private record Planned(Provisioner.Provisioned provisioned) implements Command {}

  private record StepFailed(Failure failure) implements Command {}

  /** What the Supervisor is told, with the number of the try that says it. */
  record Report(int number, Event event) {}

  /** What a try says. */
  sealed interface Event {}

  /** The state to show. */
  record Progressed(ModelState state) implements Event {}

  /** The model was chosen and has to be downloaded; waits for {@link Fetch}. */
  record Absent(ModelSpec spec) implements Event {}

  /** The files are there and may be loaded; the try has ended. */
  record Prepared(Provisioner.Provisioned provisioned) implements Event {}

  /** The try has ended; {@code state} says how. */
  record GaveUp(ModelState state, Failure failure) implements Event {}

  /** What a try works with. */
  record Tools(
      ActorRef<ModelSelector.Command> selector,
      ActorRef<Downloader.Command> downloader,
      Provisioner provisioner,
      Set<String> acceptedLicenses) {}

  static Behavior<Command> create(
      int number,
      ModelReference preference,
      long reclaimableBytes,
      Tools tools,
      ActorRef<Report> replyTo) {
    return Behaviors.setup(
        context -> new Preparation(context, number, preference, reclaimableBytes, tools, replyTo));
  }

  private final int number;
  private final ModelReference preference;
  private final long reclaimableBytes;
  private final Tools tools;
  private final ActorRef<Report> replyTo;
  private final Executor blocking;
  private @Nullable ModelSpec spec;

  private Preparation(
      ActorContext<Command> context,
      int number,
      ModelReference preference,
      long reclaimableBytes,
      Tools tools,
      ActorRef<Report> replyTo) {
    super(context);
    this.number = number;
    this.preference = preference;
    this.reclaimableBytes = reclaimableBytes;
    this.tools = tools;
    this.replyTo = replyTo;
    this.blocking =
        context
            .getSystem()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig("finch.supervisor.blocking-dispatcher"));
    ActorRef<ModelSelector.Reply> chosen =
        context.messageAdapter(ModelSelector.Reply.class, Chosen::new);
    tools.selector().tell(new ModelSelector.Select(preference, tools.acceptedLicenses(), chosen));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Chosen(var reply) -> onChosen(reply);
      case LookedUp(var found) -> onLookedUp(found);
      case Fetch.INSTANCE -> onFetch();
      case DownloaderSaid(var event) -> onDownloaderSaid(event);
      case Planned(var provisioned) -> onPlanned(provisioned);
      case StepFailed(var failure) -> giveUp(new ModelState.Failed(name(), failure), failure);
    };
  }

  private Behavior<Command> onChosen(ModelSelector.Reply reply) {
    return switch (reply) {
      case ModelSelector.Selected selected -> {
        selected.warnings().forEach(warning -> getContext().getLog().warn("{}", warning));
        spec = selected.spec();
        yield step(() -> tools.provisioner().atHand(selected.spec()), LookedUp::new);
      }
      case ModelSelector.NoneFits(var why) -> giveUp(new ModelState.NotAvailable(why), why);
      case ModelSelector.Refused(var why) -> giveUp(new ModelState.Failed(name(), why), why);
    };
  }

  private Behavior<Command> onLookedUp(Optional<LocalModel> found) {
    if (found.isPresent()) {
      return plan(found.get());
    }
    tell(new Absent(chosenSpec()));
    return this;
  }

  private Behavior<Command> onFetch() {
    ActorRef<Downloader.Event> events =
        getContext().messageAdapter(Downloader.Event.class, DownloaderSaid::new);
    showDownload(DownloadProgress.resolving());
    tools.downloader().tell(new Downloader.Fetch(chosenSpec(), events));
    return this;
  }

  private Behavior<Command> onDownloaderSaid(Downloader.Event event) {
    return switch (event) {
      case Downloader.Progressed(var progress) -> {
        showDownload(progress);
        yield this;
      }
      case Downloader.Completed(var local) -> plan(local);
      case Downloader.Failed(var why) -> giveUp(new ModelState.Failed(name(), why), why);
      case Downloader.Offline(var why) -> giveUp(new ModelState.NotAvailable(why), why);
    };
  }

  private Behavior<Command> onPlanned(Provisioner.Provisioned provisioned) {
    provisioned
        .changes()
        .forEach(change -> getContext().getLog().warn("{} for want of memory: {}", name(), change));
    tell(new Prepared(provisioned));
    return Behaviors.stopped();
  }

  private Behavior<Command> plan(LocalModel local) {
    return step(() -> tools.provisioner().provision(local, reclaimableBytes), Planned::new);
  }

  private Behavior<Command> giveUp(ModelState state, Failure failure) {
    tell(new GaveUp(state, failure));
    return Behaviors.stopped();
  }

  private void tell(Event event) {
    replyTo.tell(new Report(number, event));
  }

  private void showDownload(DownloadProgress progress) {
    tell(new Progressed(new ModelState.Downloading(chosenSpec(), progress)));
  }

  /** Runs blocking work on its own dispatcher and turns its outcome into a message. */
  private <T> Behavior<Command> step(Supplier<T> work, Function<T, Command> done) {
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(work, blocking),
            (result, error) ->
                error == null ? done.apply(result) : new StepFailed(failureOf(error)));
    return this;
  }

  private static Failure failureOf(Throwable error) {
    return Thrown.failure(
        error,
        cause ->
            Failure.permanent(
                FailureCode.INTERNAL,
                "Preparing the model failed: " + cause + ".",
                "This is a defect of Finch; --verbose shows where."));
  }

  private String name() {
    return spec == null ? preference.toString() : spec.name();
  }

  private ModelSpec chosenSpec() {
    if (spec == null) {
      throw new IllegalStateException("no model chosen yet");
    }
    return spec;
  }
}
