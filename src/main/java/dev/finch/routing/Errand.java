package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Inference;
import dev.finch.inference.Privacy;
import dev.finch.inference.WhenNotReady;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The actor that owns one question which only the local model answers: embed texts, count tokens.
 * It waits in the same line as prompts, and gives exactly one reply.
 */
final class Errand extends AbstractMatchingBehavior<Errand.Command> {

  /** What it is told. */
  sealed interface Command {}

  private record Decided(Router.Verdict verdict) implements Command {}

  private record Embedded(Inference.EmbedReply reply) implements Command {}

  private record Counted(Inference.CountReply reply) implements Command {}

  private record ProviderGone() implements Command {}

  private record AskAgain() implements Command {}

  private record GiveUp(Failure failure) implements Command {}

  /** What is to be done. */
  sealed interface Job {}

  /** Turn texts into vectors. */
  record Embed(List<String> inputs, ActorRef<Inference.EmbedReply> replyTo) implements Job {}

  /** Count a prompt's tokens. */
  record Count(GenerateRequest request, ActorRef<Inference.CountReply> replyTo) implements Job {}

  private static final Duration ASK_AGAIN_EVERY = Duration.ofSeconds(2);

  static Behavior<Command> create(Surroundings surroundings, Job job, long arrival) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Errand(context, timers, surroundings, job, arrival)));
  }

  private final TimerScheduler<Command> timers;
  private final Surroundings surroundings;
  private final Job job;
  private final long arrival;
  private final ActorRef<Router.Verdict> verdicts;
  private final RoutingQuery query;
  private @Nullable String model;

  private Errand(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Surroundings surroundings,
      Job job,
      long arrival) {
    super(context);
    this.timers = timers;
    this.surroundings = surroundings;
    this.job = job;
    this.arrival = arrival;
    this.verdicts = context.messageAdapter(Router.Verdict.class, Decided::new);
    this.query = query(job);
    timers.startTimerWithFixedDelay(AskAgain.class, new AskAgain(), ASK_AGAIN_EVERY);
    Duration limit = surroundings.settings().waitingTime();
    timers.startSingleTimer(GiveUp.class, new GiveUp(Endings.waitedEnough(limit)), limit);
    ask();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Decided decided -> onVerdict(decided.verdict());
      case Embedded(var reply) -> {
        if (job instanceof Embed embed) {
          embed.replyTo().tell(reply);
        }
        yield done();
      }
      case Counted(var reply) -> {
        if (job instanceof Count count) {
          count.replyTo().tell(reply);
        }
        yield done();
      }
      case ProviderGone _ -> fail(Endings.lost(requireNonNull(model)));
      case GiveUp(var failure) -> fail(failure);
      case AskAgain _ -> {
        ask();
        yield this;
      }
    };
  }

  private Behavior<Command> onVerdict(Router.Verdict verdict) {
    return switch (verdict) {
      case Router.ToLocal local -> {
        send(local.leg());
        yield this;
      }
      case Router.Refused refused -> fail(refused.failure());
      case Router.Waiting _, Router.Yield _ -> this;
      case Router.ToClaude _ -> throw new IllegalStateException("An errand never leaves: " + job);
    };
  }

  private void send(Router.LocalLeg leg) {
    if (model != null) {
      return;
    }
    model = leg.info().name();
    timers.cancel(AskAgain.class);
    Duration limit = surroundings.settings().silenceLimit();
    timers.startSingleTimer(GiveUp.class, new GiveUp(Endings.silent(model, limit)), limit);
    getContext().watchWith(leg.inference(), new ProviderGone());
    leg.inference()
        .tell(
            switch (job) {
              case Embed embed ->
                  new Inference.Embed(
                      embed.inputs(),
                      getContext().messageAdapter(Inference.EmbedReply.class, Embedded::new));
              case Count count ->
                  new Inference.CountTokens(
                      count.request(),
                      getContext().messageAdapter(Inference.CountReply.class, Counted::new));
            });
  }

  private void ask() {
    if (model == null) {
      surroundings.router().tell(new Router.Decide(query, arrival, verdicts));
    }
  }

  private Behavior<Command> fail(Failure failure) {
    switch (job) {
      case Embed embed -> embed.replyTo().tell(new Inference.EmbedFailed(failure));
      case Count count -> count.replyTo().tell(new Inference.CountFailed(failure));
    }
    return done();
  }

  private Behavior<Command> done() {
    surroundings.router().tell(new Router.Ended(arrival, null, null));
    return Behaviors.stopped();
  }

  private static RoutingQuery query(Job job) {
    return switch (job) {
      case Embed _ ->
          new RoutingQuery(
              Privacy.LOCAL_ONLY,
              null,
              WhenNotReady.FORWARD,
              false,
              null,
              null,
              RoutingQuery.LocalTry.NONE,
              null,
              null);
      case Count count ->
          RoutingQuery.of(count.request().toBuilder().privacy(Privacy.LOCAL_ONLY).build());
    };
  }
}
