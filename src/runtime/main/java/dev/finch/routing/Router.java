package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.inference.RouteReason;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The actor that decides which way each prompt goes. It is told where the models stand and whether
 * Claude can be asked; it never asks whether something is ready, and carries no tokens. Prompts
 * that wait for the local model stand in its line.
 *
 * <p>Its reference outlives a restart, after which it asks to be told again with {@link
 * StateWanted}.
 */
public final class Router extends AbstractMatchingBehavior<Router.Command> {

  /** What the Router is told. */
  public sealed interface Command {}

  /**
   * The models' state or the local model's load has changed.
   *
   * @param local how to reach the model that serves, or null while none is Ready
   * @param next the model that follows the one that is on its way, or null
   * @param about the model that was asked for last, whatever came of it, or null
   */
  public record RuntimeChanged(
      RuntimeState state,
      @Nullable LocalLeg local,
      @Nullable ModelReference next,
      @Nullable ModelReference about)
      implements Command {
    public RuntimeChanged {
      requireNonNull(state, "state");
    }

    public RuntimeChanged(RuntimeState state, @Nullable LocalLeg local) {
      this(state, local, null, null);
    }
  }

  /**
   * Claude can be reached in another way than before, or for the first time. Until this is said
   * there is no cloud.
   *
   * @param cloud null switches the cloud off
   */
  public record CloudChanged(@Nullable CloudLeg cloud) implements Command {}

  /** No cent is left until the given time. */
  record BudgetSpent(Failure failure, Instant until) implements Command {}

  /**
   * Which way does this prompt go? Asking again while it waits is harmless.
   *
   * @param arrival its place among all prompts, which names it
   */
  record Decide(RoutingQuery query, long arrival, ActorRef<? super Verdict> replyTo)
      implements Command {}

  /**
   * A prompt's attempt at a provider, or its wait, has ended.
   *
   * @param failure how, or null where the provider answered to the end
   * @param tally under which name the whole prompt is counted, or null while it goes on
   */
  record Ended(long arrival, @Nullable Failure failure, @Nullable String tally)
      implements Command {}

  /** Whoever owned this prompt is no more; nothing is known of how it ended. */
  record Lost(long arrival) implements Command {}

  /** Where does routing stand? */
  record Report(int live, ActorRef<RoutingStatus> replyTo) implements Command {}

  private record AnnouncePositions() implements Command {}

  /** What the Router asks of whoever looks after the models. */
  public sealed interface Notice {}

  /** A prompt needs this model, which is not loaded: bring it. */
  public record LocalWanted(ModelReference model) implements Notice {
    public LocalWanted {
      requireNonNull(model, "model");
    }
  }

  /** The Router has started, or started again, and knows nothing: tell it. */
  public record StateWanted() implements Notice {}

  /**
   * The way to the local model.
   *
   * @param inference who answers
   * @param info facts of the model
   * @param slots conversations decoded at once
   * @param busy those in use
   * @param queued prompts that wait in the model's own queue
   * @param queueLimit how many may
   * @param cachedTokens tokens that conversations hold in the KV cache
   * @param fallback whether it is the demonstration model and nobody named it: it was loaded
   *     because nothing else could be
   */
  public record LocalLeg(
      ActorRef<Inference.Command> inference,
      ModelInfo info,
      int slots,
      int busy,
      int queued,
      int queueLimit,
      long cachedTokens,
      boolean fallback) {
    public LocalLeg {
      requireNonNull(inference, "inference");
      requireNonNull(info, "info");
    }
  }

  /**
   * The way to Claude.
   *
   * @param inference who answers
   * @param model the model that answers where a request names none
   * @param unavailable why Claude cannot be asked at all, for example for want of a key; else null
   */
  public record CloudLeg(
      ActorRef<Inference.Command> inference, String model, @Nullable Failure unavailable) {
    public CloudLeg {
      requireNonNull(inference, "inference");
      requireNonNull(model, "model");
    }
  }

  /** The answer to {@link Decide}; {@link Waiting} may come several times before another. */
  sealed interface Verdict {}

  /**
   * Ask the local model.
   *
   * @param comparable the cloud's model whose price says what this answer saves, or null
   */
  record ToLocal(LocalLeg leg, RouteReason reason, @Nullable String comparable)
      implements Verdict {}

  /** Ask Claude. */
  record ToClaude(CloudLeg leg, RouteReason reason) implements Verdict {}

  /** Wait for another verdict. */
  record Waiting(int position, RouteReason reason) implements Verdict {}

  /** Nobody answers. */
  record Refused(Failure failure) implements Verdict {}

  /** Leave the local model that was given to spare: another prompt needs it. */
  record Yield() implements Verdict {}

  private static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(1);

  /** The Router; restarts itself when it fails. */
  public static Behavior<Command> create(RoutingSettings settings, ActorRef<Notice> supervisor) {
    return create(settings, supervisor, InstantSource.system());
  }

  static Behavior<Command> create(
      RoutingSettings settings, ActorRef<Notice> supervisor, InstantSource clock) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new Router(context, timers, settings, supervisor, clock))))
        .onFailure(SupervisorStrategy.restart());
  }

  private final TimerScheduler<Command> timers;
  private final RoutingSettings settings;
  private final ActorRef<Notice> supervisor;
  private final InstantSource clock;
  private final WaitingLine line;
  private final LocalSide local = new LocalSide();
  private final CloudSide cloud;

  private final Map<String, Long> tallies = new TreeMap<>();

  private @Nullable RuntimeState state;
  private @Nullable ModelReference next;
  private @Nullable ModelReference about;
  private final ModelDemand demand;

  private Router(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RoutingSettings settings,
      ActorRef<Notice> supervisor,
      InstantSource clock) {
    super(context);
    this.timers = timers;
    this.settings = settings;
    this.supervisor = supervisor;
    this.clock = clock;
    this.line = new WaitingLine(settings.waitingLimit());
    this.cloud = new CloudSide(settings.breaker());
    this.demand = new ModelDemand(settings.modelChanges());
    supervisor.tell(new StateWanted());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case RuntimeChanged changed -> onRuntimeChanged(changed);
      case CloudChanged changed -> onCloudChanged(changed);
      case BudgetSpent spent -> cloud.spent(spent);
      case Decide decide -> onDecide(decide);
      case Ended ended -> onEnded(ended);
      case Lost lost -> onLost(lost.arrival());
      case Report report -> report.replyTo().tell(status(report.live()));
      case AnnouncePositions _ -> onAnnouncePositions();
    }
    return this;
  }

  private void onRuntimeChanged(RuntimeChanged changed) {
    if (!changed.state().equals(state) || !Objects.equals(changed.about(), about)) {
      demand.changed(changed.state(), changed.about());
    }
    state = changed.state();
    next = changed.next();
    about = changed.about();
    local.changed(changed.local());
    reconsider(true);
  }

  private void onCloudChanged(CloudChanged changed) {
    cloud.changed(changed.cloud());
    reconsider(true);
  }

  private void onDecide(Decide decide) {
    long arrival = decide.arrival();
    if (local.holds(arrival) || cloud.holds(arrival)) {
      return; // asked again while the verdict was under way
    }
    boolean waited = line.remove(arrival) != null;
    Instant now = clock.instant();
    boolean overtakes = !waited && line.waitsForRoom();
    act(
        RoutingDecision.decide(snapshot(now, !overtakes), decide.query()),
        new WaitingLine.Asker(arrival, decide.query(), decide.replyTo()),
        now);
  }

  private void onEnded(Ended ended) {
    if (ended.tally() != null) {
      tallies.merge(ended.tally(), 1L, Long::sum);
    }
    cloud.ended(ended.arrival(), ended.failure(), clock.instant());
    leave(ended.arrival());
  }

  private void onLost(long arrival) {
    cloud.lost(arrival);
    leave(arrival);
  }

  private void leave(long arrival) {
    if (local.release(arrival)) {
      reconsider(false);
    } else if (line.remove(arrival) != null) {
      announceLater();
    }
  }

  private void onAnnouncePositions() {
    line.forEachPosition(
        (position, waiter) ->
            waiter.asker().replyTo().tell(new Waiting(position, waiter.reason())));
  }

  private void act(RoutingDecision decision, WaitingLine.Asker asker, Instant now) {
    switch (decision) {
      case RoutingDecision.Local(var reason) -> assignLocal(asker, reason);
      case RoutingDecision.Claude(var reason, var model) -> {
        want(model, now);
        Router.CloudLeg leg = cloud.take(asker.arrival(), now);
        asker.replyTo().tell(new ToClaude(leg, reason));
      }
      case RoutingDecision.Wait(var reason, var model) -> {
        want(model, now);
        int position = line.put(new WaitingLine.Waiter(asker, reason));
        asker.replyTo().tell(new Waiting(position, reason));
      }
      case RoutingDecision.Reject(var failure) -> asker.replyTo().tell(new Refused(failure));
    }
  }

  private void assignLocal(WaitingLine.Asker asker, RouteReason reason) {
    LocalLeg leg =
        reason == RouteReason.SHADOW
            ? local.takeToSpare(asker.arrival(), asker.replyTo())
            : local.take(asker.arrival());
    asker.replyTo().tell(new ToLocal(leg, reason, cloud.model()));
  }

  private void want(@Nullable ModelReference model, Instant now) {
    if (model != null && demand.want(model, state, now)) {
      supervisor.tell(new LocalWanted(model));
    }
  }

  /**
   * Decides again about everybody who waits.
   *
   * @param all false where no more than room at the local model has changed
   */
  private void reconsider(boolean all) {
    if (line.size() == 0) {
      return;
    }
    Instant now = clock.instant();
    for (WaitingLine.Waiter waiter : line.inOrder()) {
      if (!all && !local.hasRoom()) {
        break;
      }
      WaitingLine.Asker asker = waiter.asker().later();
      RoutingDecision decision = RoutingDecision.decide(snapshot(now, true), asker.query());
      boolean stays =
          decision instanceof RoutingDecision.Wait wait && wait.reason() == waiter.reason();
      if (!stays) {
        line.remove(asker.arrival());
        act(decision, asker, now);
      }
    }
    announceLater();
  }

  private void announceLater() {
    if (line.size() > 0 && !timers.isTimerActive(AnnouncePositions.class)) {
      timers.startSingleTimer(AnnouncePositions.class, new AnnouncePositions(), ANNOUNCE_EVERY);
    }
  }

  private RoutingSnapshot snapshot(Instant now, boolean mayTakeRoom) {
    return new RoutingSnapshot(
        settings.policy(),
        settings.requestedModel(),
        settings.modelOpen(),
        demand.bringing(now),
        state,
        about,
        next,
        local.snapshot(mayTakeRoom),
        cloud.whyNot(now),
        line.hasRoom());
  }

  private RoutingStatus status(int live) {
    return new RoutingStatus(
        live,
        line.size(),
        local.inFlight(),
        local.cachedTokens(),
        cloud.model(),
        cloud.whyNot(clock.instant()),
        tallies);
  }
}
