package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.Inference;
import dev.finch.inference.Provenance;
import dev.finch.inference.RouteReason;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
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
   */
  public record RuntimeChanged(RuntimeState state, @Nullable LocalLeg local) implements Command {
    public RuntimeChanged {
      requireNonNull(state, "state");
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
   * @param arrival its place among all prompts
   * @param replyTo is watched and names the prompt
   */
  record Decide(RoutingQuery query, long arrival, ActorRef<? super Verdict> replyTo)
      implements Command {}

  /**
   * A prompt's attempt at a provider, or its wait, has ended.
   *
   * @param failure how, or null where the provider answered to the end
   * @param tally under which name the whole prompt is counted, or null while it goes on
   */
  record Ended(ActorRef<?> replyTo, @Nullable Failure failure, @Nullable String tally)
      implements Command {}

  /** Where does routing stand? */
  record Report(int live, ActorRef<RoutingStatus> replyTo) implements Command {}

  private record Gone(ActorRef<?> replyTo) implements Command {}

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
   * @param maxTokens bound of an answer's tokens where a request names none
   * @param unavailable why Claude cannot be asked at all, for example for want of a key; else null
   */
  public record CloudLeg(
      ActorRef<Inference.Command> inference,
      String model,
      int maxTokens,
      @Nullable Failure unavailable) {
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

  /** What a prompt holds of a provider. */
  private record Assignment(
      Provenance.Provider provider, ActorRef<Inference.Command> inference, boolean probe) {}

  private static final Failure CLOUD_OFF =
      Failure.permanent(
          FailureCode.CLOUD_DISABLED,
          "The cloud is switched off (finch.cloud.enabled = off).",
          "Wait for the local model, or switch the cloud on.");

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
  private final Map<ActorRef<?>, Assignment> assigned = new HashMap<>();
  private final Map<String, Long> tallies = new TreeMap<>();

  private @Nullable RuntimeState state;
  private @Nullable LocalLeg local;
  private int localInFlight;
  private @Nullable CloudLeg cloud;
  private Breaker breaker;
  private @Nullable BudgetSpent budgetSpent;
  private @Nullable ModelReference wanted;

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
    this.breaker = Breaker.closed(settings.breaker());
    supervisor.tell(new StateWanted());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case RuntimeChanged changed -> onRuntimeChanged(changed);
      case CloudChanged changed -> onCloudChanged(changed);
      case BudgetSpent spent -> budgetSpent = spent;
      case Decide decide -> onDecide(decide);
      case Ended ended -> onEnded(ended);
      case Gone gone -> leave(gone.replyTo());
      case Report report -> report.replyTo().tell(status(report.live()));
      case AnnouncePositions _ -> onAnnouncePositions();
    }
    return this;
  }

  private void onRuntimeChanged(RuntimeChanged changed) {
    if (!changed.state().equals(state)) {
      wanted = null;
    }
    state = changed.state();
    boolean otherModel = !sameInference(local, changed.local());
    local = changed.local();
    if (otherModel) {
      localInFlight = (int) assigned.values().stream().filter(this::holdsLocal).count();
    }
    reconsider(true);
  }

  private void onCloudChanged(CloudChanged changed) {
    boolean otherClient =
        cloud == null
            || changed.cloud() == null
            || !cloud.inference().equals(changed.cloud().inference());
    cloud = changed.cloud();
    if (otherClient) {
      breaker = Breaker.closed(settings.breaker());
    }
    reconsider(true);
  }

  private void onDecide(Decide decide) {
    if (assigned.containsKey(decide.replyTo())) {
      return; // asked again while the verdict was under way
    }
    boolean waited = line.remove(decide.replyTo()) != null;
    Instant now = clock.instant();
    boolean overtakes = !waited && line.waitsForRoom();
    RoutingDecision decision = RoutingDecision.decide(snapshot(now, !overtakes), decide.query());
    if (!waited && !(decision instanceof RoutingDecision.Reject)) {
      getContext().watchWith(decide.replyTo(), new Gone(decide.replyTo()));
    }
    act(decision, decide.query(), decide.arrival(), decide.replyTo(), now);
  }

  private void onEnded(Ended ended) {
    if (ended.tally() != null) {
      tallies.merge(ended.tally(), 1L, Long::sum);
      getContext().unwatch(ended.replyTo());
    }
    Assignment held = assigned.remove(ended.replyTo());
    if (held == null) {
      if (line.remove(ended.replyTo()) != null) {
        announceLater();
      }
      return;
    }
    if (held.provider() == Provenance.Provider.CLAUDE) {
      breaker = learn(held, ended.failure());
    } else {
      release(held);
    }
  }

  private Breaker learn(Assignment held, @Nullable Failure failure) {
    if (cloud == null || !cloud.inference().equals(held.inference())) {
      return breaker;
    }
    return failure == null
        ? breaker.succeeded()
        : breaker.failed(failure, held.probe(), clock.instant());
  }

  /** A prompt's actor has ended without a word. */
  private void leave(ActorRef<?> replyTo) {
    Assignment held = assigned.remove(replyTo);
    if (held == null) {
      if (line.remove(replyTo) != null) {
        announceLater();
      }
    } else if (held.provider() == Provenance.Provider.CLAUDE) {
      breaker = breaker.learntNothing(held.probe());
    } else {
      release(held);
    }
  }

  private void release(Assignment held) {
    if (holdsLocal(held)) {
      localInFlight--;
      reconsider(false);
    }
  }

  private void onAnnouncePositions() {
    line.forEachPosition(
        (position, waiter) -> waiter.replyTo().tell(new Waiting(position, waiter.reason())));
  }

  private void act(
      RoutingDecision decision,
      RoutingQuery query,
      long arrival,
      ActorRef<? super Verdict> replyTo,
      Instant now) {
    switch (decision) {
      case RoutingDecision.Local toLocal -> assignLocal(toLocal, replyTo);
      case RoutingDecision.Claude toClaude -> assignClaude(toClaude, replyTo, now);
      case RoutingDecision.Wait wait -> {
        want(wait.wanted());
        int position = line.put(new WaitingLine.Waiter(arrival, query, wait.reason(), replyTo));
        replyTo.tell(new Waiting(position, wait.reason()));
      }
      case RoutingDecision.Reject reject -> {
        getContext().unwatch(replyTo);
        replyTo.tell(new Refused(reject.failure()));
      }
    }
  }

  private void assignLocal(RoutingDecision.Local decision, ActorRef<? super Verdict> replyTo) {
    LocalLeg leg = requireNonNull(local, "local");
    assigned.put(replyTo, new Assignment(Provenance.Provider.LOCAL, leg.inference(), false));
    localInFlight++;
    String comparable = cloud == null ? null : cloud.model();
    replyTo.tell(new ToLocal(leg, decision.reason(), comparable));
  }

  private void assignClaude(
      RoutingDecision.Claude decision, ActorRef<? super Verdict> replyTo, Instant now) {
    CloudLeg leg = requireNonNull(cloud, "cloud");
    want(decision.wanted());
    boolean probe = breaker.halfOpen(now);
    breaker = breaker.asked(now);
    assigned.put(replyTo, new Assignment(Provenance.Provider.CLAUDE, leg.inference(), probe));
    replyTo.tell(new ToClaude(leg, decision.reason()));
  }

  private void want(@Nullable ModelReference model) {
    if (model != null && !model.equals(wanted)) {
      wanted = model;
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
      if (!all && !localHasRoom()) {
        break;
      }
      RoutingQuery query = waiter.query().later();
      RoutingDecision decision = RoutingDecision.decide(snapshot(now, true), query);
      boolean stays =
          decision instanceof RoutingDecision.Wait wait && wait.reason() == waiter.reason();
      if (!stays) {
        line.remove(waiter.replyTo());
        act(decision, query, waiter.arrival(), waiter.replyTo(), now);
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
    LocalLeg leg = local;
    return new RoutingSnapshot(
        settings.policy(),
        settings.requestedModel(),
        state,
        leg == null
            ? null
            : new RoutingSnapshot.Local(leg.info(), mayTakeRoom && localHasRoom(), leg.fallback()),
        claudeWhyNot(now),
        line.hasRoom());
  }

  private boolean localHasRoom() {
    LocalLeg leg = local;
    return leg != null
        && Math.max(localInFlight, leg.busy() + leg.queued()) < leg.slots() + leg.queueLimit();
  }

  private @Nullable Failure claudeWhyNot(Instant now) {
    if (cloud == null) {
      return CLOUD_OFF;
    }
    if (cloud.unavailable() != null) {
      return cloud.unavailable();
    }
    if (budgetSpent != null && now.isBefore(budgetSpent.until())) {
      return budgetSpent.failure();
    }
    return breaker.whyNot(now);
  }

  private boolean holdsLocal(Assignment held) {
    return local != null && held.inference().equals(local.inference());
  }

  private static boolean sameInference(@Nullable LocalLeg a, @Nullable LocalLeg b) {
    return a != null && b != null && a.inference().equals(b.inference());
  }

  private RoutingStatus status(int live) {
    return new RoutingStatus(
        live,
        line.size(),
        localInFlight,
        cloud == null ? null : cloud.model(),
        claudeWhyNot(clock.instant()),
        tallies);
  }
}
