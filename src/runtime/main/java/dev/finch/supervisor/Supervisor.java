package dev.finch.supervisor;

import dev.finch.download.Downloader;
import dev.finch.engine.Loader;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelSpec;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import dev.finch.routing.Exchanges;
import dev.finch.routing.Router;
import dev.finch.selection.ModelSelector;
import dev.finch.supervisor.LoadedModel.Leaving;
import dev.finch.supervisor.Provisioner.Provisioned;
import dev.finch.supervisor.SupervisorSettings.Prepare;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * The guardian of a runtime: it brings the other actors to life, takes one model at a time from
 * reference to Ready, and publishes every change of state.
 *
 * <p>It mediates each step: it sends the next command after each reply, so no other actor knows
 * what comes before or after its own part. It survives the failure of every child.
 */
public final class Supervisor extends AbstractMatchingBehavior<Supervisor.Command> {

  public sealed interface Command {}

  /** Make this model the one that serves; answered when it is Ready or could not be. */
  public record PrepareModel(ModelReference preference, ActorRef<StatusReply<RuntimeState>> replyTo)
      implements Command {}

  /** Drain and unload the model that serves; it comes back on demand. Answered when it is gone. */
  public record UnloadModel(ActorRef<StatusReply<RuntimeState>> replyTo) implements Command {}

  /** Tell the state now and every change from now on, until the subscriber ends. */
  public record Subscribe(ActorRef<RuntimeState> subscriber) implements Command {}

  /** Tell the state now. */
  public record GetState(ActorRef<RuntimeState> replyTo) implements Command {}

  /** Tell whom to ask for what. */
  public record GetHandles(ActorRef<Handles> replyTo) implements Command {}

  /** End; every child ends first and native memory is freed. */
  public enum Stop implements Command {
    INSTANCE
  }

  /**
   * The standing actors that surfaces talk to.
   *
   * @param state what was published last, for any thread: who was told that a model was loaded, or
   *     could not be, finds it here
   */
  public record Handles(
      ActorRef<Exchanges.Command> exchanges,
      ActorRef<Router.Command> router,
      ActorRef<Downloader.Command> downloader,
      ActorRef<ModelSelector.Command> selector,
      Supplier<RuntimeState> state) {}

  private record Unsubscribe(ActorRef<RuntimeState> subscriber) implements Command {}

  private record PreparationSaid(Preparation.Report report) implements Command {}

  record LoaderSaid(int loader, Loader.Event event) implements Command {}

  record LoaderEnded(int loader) implements Command {}

  private record RouterAsked(Router.Notice request) implements Command {}

  private record PrepareAgain(ModelReference preference) implements Command {}

  /** Spawned as the guardian of Finch's own actor system, or as a system actor in a host's. */
  public static Behavior<Command> create(SupervisorSettings settings, ActorBehaviors behaviors) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Supervisor(context, timers, settings, behaviors)));
  }

  private final SupervisorSettings settings;
  private final ActorBehaviors behaviors;
  private final TimerScheduler<Command> timers;
  private final CoreActors coreActors;
  private final ActorRef<Preparation.Report> reports;
  private final StateBoard board;
  private final LoadedModels models;
  private final StandbyModel standby;
  private final BootstrapLadder ladder;
  private final ServingModel serving = new ServingModel();
  private final Waiters awaitingReady = new Waiters();
  private final Waiters awaitingUnload = new Waiters();

  private ModelReference preference;
  private boolean mayDownload;
  private @Nullable ActorRef<Preparation.Command> preparation;
  private int currentTry;
  private int spawned;
  private int failures;
  private int crashes;

  private int loading;
  private @Nullable Provisioned awaitingRoom;
  private @Nullable ModelState preparingState;

  private Supervisor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      SupervisorSettings settings,
      ActorBehaviors behaviors) {
    super(context);
    this.settings = settings;
    this.behaviors = behaviors;
    this.timers = timers;
    this.models = new LoadedModels(context, behaviors.loader());
    this.preference = settings.model();
    this.reports = context.messageAdapter(Preparation.Report.class, PreparationSaid::new);
    AtomicReference<RuntimeState> state = new AtomicReference<>(RuntimeState.EMPTY);
    this.coreActors =
        CoreActors.of(
            context,
            behaviors,
            context.messageAdapter(Router.Notice.class, RouterAsked::new),
            state::get);
    this.board = new StateBoard(coreActors.handles().router(), state);
    this.standby = new StandbyModel(settings.demonstration());
    this.ladder = new BootstrapLadder(settings);
    if (settings.prepare() != Prepare.NONE) {
      begin(settings.model(), settings.prepare() == Prepare.DOWNLOAD);
    }
    // Before anybody asks: a Router that knew of no model coming would send a patient prompt away.
    publish();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case PrepareModel prepare -> onPrepareModel(prepare);
      case UnloadModel(var replyTo) -> onUnloadModel(replyTo);
      case Subscribe(var subscriber) -> onSubscribe(subscriber);
      case Unsubscribe(var subscriber) -> board.unsubscribe(subscriber);
      case GetState(var replyTo) -> replyTo.tell(board.current());
      case GetHandles(var replyTo) -> replyTo.tell(coreActors.handles());
      case PreparationSaid(var report) -> onPreparationSaid(report);
      case LoaderSaid(var number, var event) -> onLoaderSaid(number, event);
      case LoaderEnded(var number) -> onLoaderEnded(number);
      case RouterAsked(var request) -> onRouterAsked(request);
      case PrepareAgain(var again) -> begin(again, mayDownload);
      case Stop.INSTANCE -> {
        return Behaviors.stopped();
      }
    }
    publish();
    return this;
  }

  // ── asked from outside ──

  private void onPrepareModel(PrepareModel prepare) {
    // Where the wanted model failed, what serves is another one.
    boolean serves = serving.ready() && preparation == null && preparingState == null;
    if (serves && prepare.preference().equals(preference)) {
      prepare.replyTo().tell(StatusReply.success(board.current()));
      return;
    }
    awaitingReady.add(prepare.replyTo());
    boolean underWay =
        preparation != null && mayDownload && prepare.preference().equals(preference);
    if (!underWay) {
      failures = 0;
      begin(prepare.preference(), true);
    }
  }

  private void onUnloadModel(ActorRef<StatusReply<RuntimeState>> replyTo) {
    LoadedModel model = serving.model();
    if (model == null) {
      replyTo.tell(StatusReply.success(board.current()));
      return;
    }
    awaitingUnload.add(replyTo);
    letGo(model, Leaving.IDLE);
  }

  private void onSubscribe(ActorRef<RuntimeState> subscriber) {
    getContext().watchWith(subscriber, new Unsubscribe(subscriber));
    board.subscribe(subscriber);
  }

  private void onRouterAsked(Router.Notice request) {
    switch (request) {
      case Router.LocalWanted(var model) -> {
        if (preparation == null || !model.equals(preference)) {
          begin(model, settings.prepare() == Prepare.DOWNLOAD);
        }
      }
      case Router.StateWanted _ -> {
        tellRouterOfCloud();
        board.tellRouter();
      }
    }
  }

  // ── getting a model ──

  private void begin(ModelReference wanted, boolean download) {
    preference = wanted;
    mayDownload = download;
    ladder.begin();
    prepare(wanted);
  }

  /** Gives up what is under way and tries to get this one. */
  private void prepare(ModelReference wanted) {
    if (preparation != null) {
      getContext().stop(preparation);
    }
    models.abandon(loading);
    loading = 0;
    timers.cancel(PrepareAgain.class);
    awaitingRoom = null;
    currentTry = ++spawned;
    preparation = spawnPreparation(currentTry, wanted);
    preparingState = new ModelState.Selecting(wanted);
  }

  private ActorRef<Preparation.Command> spawnPreparation(int number, ModelReference wanted) {
    var tools =
        new Preparation.Tools(
            coreActors.handles().selector(),
            coreActors.handles().downloader(),
            behaviors.provisioner(),
            settings.acceptedLicenses());
    return getContext()
        .spawn(
            Preparation.create(number, wanted, serving.bytes(), tools, reports),
            "preparation-" + number);
  }

  private void onPreparationSaid(Preparation.Report report) {
    if (standby.is(report.number())) {
      onStandbySaid(report.event());
    } else if (report.number() == currentTry) {
      onPreparation(report.event());
    }
  }

  private void onPreparation(Preparation.Event event) {
    switch (event) {
      case Preparation.Progressed(var state) -> preparingState = state;
      case Preparation.Absent(var spec) -> afterStandingBy(() -> fetch(spec));
      case Preparation.Prepared(var provisioned) -> onPrepared(provisioned);
      case Preparation.GaveUp(var state, var failure) ->
          afterStandingBy(() -> giveUp(state, failure));
    }
  }

  private void fetch(ModelSpec spec) {
    if (!mayDownload) {
      Failure notHere = LifecycleFailures.notDownloaded(spec);
      giveUp(new ModelState.NotAvailable(notHere), notHere);
    } else if (ladder.startsBelow(spec.reference(), serving.useful())) {
      prepare(ladder.stepOn(spec.reference()));
    } else if (preparation != null) {
      preparation.tell(Preparation.Fetch.INSTANCE);
    }
  }

  private void onPrepared(Provisioned provisioned) {
    LoadedModel inTheWay = serving.model();
    if (provisioned.needsRoom() && inTheWay != null) {
      awaitingRoom = provisioned;
      letGo(inTheWay, Leaving.MAKES_ROOM);
    } else {
      load(provisioned, false);
    }
  }

  private void giveUp(ModelState state, Failure failure) {
    preparation = null;
    if (ladder.climb()) {
      getContext().getLog().warn("No small model serves first: {}", failure.describe());
      prepare(preference);
      return;
    }
    preparingState = state;
    publish();
    awaitingReady.fail(failure);
    if (failure.retryable() && failure.code() != FailureCode.CANCELLED) {
      Duration wait = settings.retry().after(++failures);
      getContext().getLog().info("{} is tried again in {}", preference, wait);
      timers.startSingleTimer(PrepareAgain.class, new PrepareAgain(preference), wait);
    }
  }

  // ── the demonstration model that stands by ──

  /** Goes on once the demonstration model answers or cannot, where it is to stand by at all. */
  private void afterStandingBy(Runnable next) {
    if (standby.due(serving.model() != null)) {
      standby.begin(++spawned, next);
      spawnPreparation(spawned, ModelReference.BUILT_IN);
    } else {
      next.run();
    }
  }

  private void onStandbySaid(Preparation.Event event) {
    switch (event) {
      case Preparation.Prepared(var provisioned) -> load(provisioned, true);
      case Preparation.GaveUp(_, var failure) -> standbyFailed(failure);
      case Preparation.Progressed _, Preparation.Absent _ -> {}
    }
  }

  private void standbyFailed(Failure failure) {
    getContext().getLog().warn("The built-in model cannot stand by: {}", failure.describe());
    standby.done();
  }

  // ── models in memory ──

  private void load(Provisioned provisioned, boolean standby) {
    int number = models.load(provisioned, standby);
    if (!standby) {
      loading = number;
      preparingState = new ModelState.Loading(provisioned.model().spec(), 0);
    }
  }

  private void onLoaderSaid(int number, Loader.Event event) {
    LoadedModel model = models.get(number);
    if (model == null) {
      return;
    }
    switch (event) {
      case Loader.LoadProgressed(double fraction) -> {
        if (number == loading) {
          preparingState = new ModelState.Loading(model.model.spec(), fraction);
        }
      }
      case Loader.Ready(var info, var inference) -> onReady(number, model, info, inference);
      case Loader.LoadFailed(var failure) -> {
        getContext().stop(model.loader);
        loadFailed(number, model, failure);
      }
      case Loader.CapacityChanged now -> model.loadChanged(now);
      case Loader.Idled _ -> {
        if (serving.is(model) && model.leaving == Leaving.NO) {
          letGo(model, Leaving.IDLE);
        }
      }
      case Loader.Drained _ -> {}
    }
  }

  private void onReady(
      int number, LoadedModel model, ModelInfo info, ActorRef<Inference.Command> inference) {
    LoadedModel previous = serving.begin(model, info, inference);
    if (number == loading) {
      loading = 0;
      preparation = null;
      preparingState = null;
      failures = 0;
    }
    publish();
    if (previous != null) {
      previous.drain(Leaving.REPLACED);
    }
    if (model.standby) {
      standby.done();
    } else {
      arrived();
    }
  }

  private void arrived() {
    if (ladder.climb()) {
      prepare(preference);
      return;
    }
    awaitingReady.succeed(board.current());
  }

  private void loadFailed(int number, LoadedModel model, Failure failure) {
    models.remove(number);
    if (model.standby) {
      standbyFailed(failure);
    } else if (number == loading) {
      loading = 0;
      giveUp(new ModelState.Failed(model.model.spec().name(), failure), failure);
    }
  }

  private void letGo(LoadedModel model, Leaving why) {
    serving.draining();
    publish();
    model.drain(why);
  }

  private void onLoaderEnded(int number) {
    LoadedModel model = models.remove(number);
    if (model == null) {
      return;
    }
    if (!serving.is(model)) {
      loadFailed(number, model, LifecycleFailures.engineDied(model.model.spec()));
      return;
    }
    serving.gone();
    switch (model.leaving) {
      case MAKES_ROOM -> {
        Provisioned next = awaitingRoom;
        awaitingRoom = null;
        if (next != null) {
          load(next, false);
        }
      }
      case IDLE -> unloaded(model);
      case NO, REPLACED -> crashed(model);
    }
  }

  private void unloaded(LoadedModel model) {
    serving.idle(model);
    publish();
    awaitingUnload.succeed(board.current());
  }

  private void crashed(LoadedModel model) {
    Failure died = LifecycleFailures.engineDied(model.model.spec());
    preparingState = new ModelState.Failed(model.model.spec().name(), died);
    if (preparation == null && crashes++ < settings.restarts()) {
      ModelReference again = model.model.spec().reference();
      timers.startSingleTimer(
          PrepareAgain.class, new PrepareAgain(again), settings.retry().after(crashes));
    }
  }

  // ── telling ──

  private void publish() {
    board.publish(serving.state(), preparingState, preference, ladder.top(), serving.leg());
  }

  private void tellRouterOfCloud() {
    ActorBehaviors.Cloud cloud = behaviors.cloud();
    ActorRef<Inference.Command> claude = coreActors.claude();
    Router.CloudLeg leg =
        cloud == null || claude == null
            ? null
            : new Router.CloudLeg(claude, cloud.model(), cloud.unavailable());
    coreActors.handles().router().tell(new Router.CloudChanged(leg));
  }
}
