package dev.finch.engine;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.model.LocalModel;
import dev.finch.model.ModelInfo;
import dev.finch.provider.Inference;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The role that owns one local model: it loads it, answers with it and frees it, all on its own
 * thread. One message decodes one step of every live answer, so that requests, cancellations and
 * demand are heard between steps.
 *
 * <p>To be spawned on {@link #DISPATCHER}. It stops after {@link Drain}, and with an exception
 * where the engine fails; then its owner spawns another.
 */
public final class Loader extends AbstractMatchingBehavior<Loader.Command> {

  /** The configured dispatcher that gives every Loader a thread of its own. */
  public static final String DISPATCHER = "finch.engine.dispatcher";

  /** What a Loader is told. */
  public sealed interface Command {}

  /**
   * Load this model; the first thing a Loader is told, once.
   *
   * @param plan how much room it gets, or null to take the settings'
   * @param ticket ends the load
   * @param replyTo gets every {@link Event} of this model's life
   */
  public record Load(
      LocalModel model, @Nullable LoadPlan plan, LoadTicket ticket, ActorRef<Event> replyTo)
      implements Command {
    public Load(LocalModel model, ActorRef<Event> replyTo) {
      this(model, null, new LoadTicket(), replyTo);
    }
  }

  /** Finish the answers that were accepted, take no new ones, free the model and stop. */
  public record Drain() implements Command {}

  private record Serve(Inference.Command command) implements Command {}

  private record Prepared(RequestScheduler.Prepared outcome) implements Command {}

  private enum Step implements Command {
    NEXT
  }

  /** An answer has to end, for this reason. */
  record Overdue(String attempt, Failure why) implements Command {}

  private enum KeepAlive implements Command {
    ELAPSED
  }

  /** What a Loader says. */
  public sealed interface Event {}

  /** The load goes on; {@code fraction} is from 0 to 1. */
  public record LoadProgressed(double fraction) implements Event {}

  /** The model answers prompts sent to {@code inference}. */
  public record Ready(ModelInfo info, ActorRef<Inference.Command> inference) implements Event {}

  /** The model could not be loaded; the Loader has stopped. */
  public record LoadFailed(Failure failure) implements Event {}

  /**
   * How much is going on has changed.
   *
   * @param cachedTokens tokens that conversations hold in the KV cache by then; a beginning that
   *     several share is counted for each
   */
  public record CapacityChanged(int slots, int busy, int queued, int queueLimit, long cachedTokens)
      implements Event {
    boolean isAsBusyAs(@Nullable CapacityChanged other) {
      return other != null
          && slots == other.slots
          && busy == other.busy
          && queued == other.queued
          && queueLimit == other.queueLimit;
    }
  }

  /** The model had no work for the keep-alive time. */
  public record Idled() implements Event {}

  /** All answers are done and the model is freed. */
  public record Drained() implements Event {}

  private final EngineSettings settings;
  private final EngineFactory engines;
  private final TimerScheduler<Command> timers;
  private final AnswerWatchdog watchdog;
  private @Nullable Load load;
  private @Nullable RequestScheduler service;
  private @Nullable CapacityChanged capacity;
  private boolean draining;
  private boolean stepping;

  /**
   * A Loader that has no model yet.
   *
   * @param settings of the engine room
   * @param engines what loads models
   */
  public static Behavior<Command> create(EngineSettings settings, EngineFactory engines) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Loader(context, timers, settings, engines)));
  }

  private Loader(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      EngineSettings settings,
      EngineFactory engines) {
    super(context);
    this.timers = timers;
    this.settings = settings;
    this.engines = engines;
    this.watchdog = new AnswerWatchdog(context, timers, settings.stallTimeout());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Load load -> onLoad(load);
      case Drain _ -> onDrain();
      case Serve serve -> onServe(serve.command());
      case Prepared(var outcome) -> onPrepared(outcome);
      case Step _ -> onStep();
      case Overdue(var attempt, var why) -> onOverdue(attempt, why);
      case KeepAlive _ -> onKeepAliveElapsed();
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    return switch (signal) {
      case Terminated gone -> onReaderGone(gone);
      case PostStop _ -> onPostStop();
      default -> this;
    };
  }

  private Behavior<Command> onLoad(Load command) {
    if (load != null) {
      return Behaviors.unhandled();
    }
    load = command;
    try {
      service = load(command);
    } catch (FinchException e) {
      command.replyTo().tell(new LoadFailed(e.failure()));
      return Behaviors.stopped();
    } catch (RuntimeException e) {
      getContext().getLog().error("Loading {} failed", command.model().spec().name(), e);
      Failure why = Failure.permanent(FailureCode.LOAD_FAILED, "Loading failed: " + e + ".", null);
      command.replyTo().tell(new LoadFailed(why));
      return Behaviors.stopped();
    }
    ActorRef<Inference.Command> inference =
        getContext().messageAdapter(Inference.Command.class, Serve::new);
    command.replyTo().tell(new Ready(service.info(), inference));
    return settled(service);
  }

  private RequestScheduler load(Load command) {
    EngineFactory.Plan plan = settings.plan(command.model(), command.plan());
    Engine engine = engines.load(plan, new LoadReport(command));
    try {
      ModelInfo info = engine.facts().describe(command.model(), plan.slots());
      ActorRef<Command> self = getContext().getSelf();
      return new RequestScheduler(
          engine,
          settings,
          info,
          command.model(),
          System::nanoTime,
          outcome -> self.tell(new Prepared(outcome)));
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private Behavior<Command> onDrain() {
    draining = true;
    return service == null ? Behaviors.stopped() : settled(service);
  }

  private Behavior<Command> onServe(Inference.Command command) {
    RequestScheduler serving = requireNonNull(service);
    switch (command) {
      case Inference.Generate generate -> onGenerate(serving, generate);
      case Inference.Demand demand -> serving.demand(demand.attempt(), demand.count());
      case Inference.Cancel cancel -> serving.cancel(cancel.attempt());
      case Inference.Embed embed -> serving.embed(embed);
      case Inference.CountTokens question -> serving.count(question);
      case Inference.Proceed _ -> {} // it sends nothing anywhere, so it never asked
    }
    return settled(serving);
  }

  private void onGenerate(RequestScheduler serving, Inference.Generate generate) {
    if (draining) {
      Failure why =
          Failure.passing(
              FailureCode.DRAINING, serving.info().name() + " takes no new prompts.", null);
      generate.replyTo().tell(new Inference.Rejected(generate.attempt(), why));
      return;
    }
    Submission attempt = serving.submit(generate);
    if (attempt != null) {
      watchdog.accepted(attempt);
    }
  }

  private Behavior<Command> onPrepared(RequestScheduler.Prepared outcome) {
    RequestScheduler serving = requireNonNull(service);
    serving.prepared(outcome);
    return settled(serving);
  }

  private Behavior<Command> onStep() {
    RequestScheduler serving = requireNonNull(service);
    stepping = false;
    serving.step();
    return settled(serving);
  }

  private Behavior<Command> onOverdue(String attempt, Failure why) {
    RequestScheduler serving = requireNonNull(service);
    serving.fail(attempt, why);
    return settled(serving);
  }

  private Behavior<Command> onKeepAliveElapsed() {
    requireNonNull(load).replyTo().tell(new Idled());
    return this;
  }

  private Behavior<Command> onReaderGone(Terminated gone) {
    RequestScheduler serving = requireNonNull(service);
    List<String> attempts =
        serving.accepted().stream()
            .filter(attempt -> attempt.generate().replyTo().path().equals(gone.getRef().path()))
            .map(Submission::name)
            .toList();
    attempts.forEach(serving::cancel);
    return settled(serving);
  }

  private Behavior<Command> onPostStop() {
    if (service != null) {
      service.close();
    }
    return this;
  }

  /** After every message: goes on decoding, keeps timers and watches, tells what has changed. */
  private Behavior<Command> settled(RequestScheduler serving) {
    serving.takeEnded().forEach(attempt -> watchdog.ended(attempt, serving.accepted()));
    serving.accepted().forEach(watchdog::settle);
    tellCapacity(serving);
    if (draining && serving.idle()) {
      serving.saveConversations();
      serving.close();
      requireNonNull(load).replyTo().tell(new Drained());
      return Behaviors.stopped();
    }
    keepAlive(serving);
    if (!stepping && serving.runnable()) {
      stepping = true;
      getContext().getSelf().tell(Step.NEXT);
    }
    return this;
  }

  private void tellCapacity(RequestScheduler serving) {
    CapacityChanged now =
        new CapacityChanged(
            serving.info().slots(),
            serving.busy(),
            serving.queued(),
            settings.queueLimit(),
            serving.cachedTokens());
    if (!now.isAsBusyAs(capacity)) {
      capacity = now;
      requireNonNull(load).replyTo().tell(now);
    }
  }

  private void keepAlive(RequestScheduler serving) {
    if (!serving.idle()) {
      timers.cancel(KeepAlive.ELAPSED);
    } else if (!settings.keepAlive().isZero() && !timers.isTimerActive(KeepAlive.ELAPSED)) {
      timers.startSingleTimer(KeepAlive.ELAPSED, KeepAlive.ELAPSED, settings.keepAlive());
    }
  }
}
