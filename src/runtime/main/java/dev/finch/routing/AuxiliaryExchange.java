package dev.finch.routing;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Prompt;
import dev.finch.inference.TokenUsage;
import dev.finch.inference.WhenNotReady;
import dev.finch.provider.Inference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The actor that owns one question that is no prompt: embed texts, which the local model does, or
 * count tokens, which is done by whoever would answer. It waits in the same line as prompts, and
 * gives exactly one reply.
 */
final class AuxiliaryExchange extends AbstractMatchingBehavior<AuxiliaryExchange.Command> {

  /** What it is told. */
  sealed interface Command {}

  private record Decided(Router.Verdict verdict) implements Command {}

  private record Booked(Bookkeeper.Booking booking) implements Command {}

  private record Embedded(Inference.EmbedReply reply) implements Command {}

  private record Counted(Inference.CountReply reply) implements Command {}

  private record ProviderGone() implements Command {}

  private record AskAgain() implements Command {}

  private record GiveUp(Failure failure) implements Command {}

  /** What is to be done. */
  sealed interface Job {}

  /** Turn texts into vectors. */
  record Embed(EmbedRequest request, ActorRef<Inference.EmbedReply> replyTo) implements Job {}

  /** Count a prompt's tokens; Claude counts only those that only Claude may answer. */
  record Count(GenerateRequest request, ActorRef<Inference.CountReply> replyTo) implements Job {}

  /**
   * A count that Claude is asked for, which says as much as a prompt and so stands in the ledger.
   *
   * @param bound its size is that of the texts in it
   */
  private record Abroad(String entry, Router.CloudLeg leg, UsageBound bound) {}

  private static final Duration ASK_AGAIN_EVERY = Duration.ofSeconds(2);

  static Behavior<Command> create(ExchangeContext exchangeContext, Job job, long arrival) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new AuxiliaryExchange(context, timers, exchangeContext, job, arrival)));
  }

  private final TimerScheduler<Command> timers;
  private final ExchangeContext exchangeContext;
  private final Job job;
  private final long arrival;
  private final ActorRef<Router.Verdict> verdicts;
  private final RoutingQuery query;
  private @Nullable String model;
  private @Nullable Abroad abroad;

  private AuxiliaryExchange(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ExchangeContext exchangeContext,
      Job job,
      long arrival) {
    super(context);
    this.timers = timers;
    this.exchangeContext = exchangeContext;
    this.job = job;
    this.arrival = arrival;
    this.verdicts = context.messageAdapter(Router.Verdict.class, Decided::new);
    this.query = query(job);
    timers.startTimerWithFixedDelay(AskAgain.class, new AskAgain(), ASK_AGAIN_EVERY);
    Duration limit = exchangeContext.settings().waitingTime();
    timers.startSingleTimer(GiveUp.class, new GiveUp(ExchangeFailures.waitedEnough(limit)), limit);
    ask();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Decided decided -> onVerdict(decided.verdict());
      case Booked booked -> onBooked(booked.booking());
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
      case ProviderGone _ -> fail(ExchangeFailures.lost(requireNonNull(model)));
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
      case Router.ToClaude claude -> {
        book(claude.leg());
        yield this;
      }
    };
  }

  private void send(Router.LocalLeg leg) {
    if (model == null) {
      model = leg.info().name();
      ask(leg.inference());
    }
  }

  /** Nothing goes to the cloud before it is written down. */
  private void book(Router.CloudLeg leg) {
    if (model != null || !(job instanceof Count count)) {
      return;
    }
    model = leg.model();
    abroad =
        new Abroad(UUID.randomUUID().toString(), leg, new UsageBound(bytes(count), 0, 0, false));
    exchangeContext
        .books()
        .tell(
            new Bookkeeper.Open(
                abroad.entry(),
                count.request().id(),
                count.request().conversationId(),
                leg.model(),
                "COUNT_TOKENS",
                abroad.bound(),
                getContext().messageAdapter(Bookkeeper.Booking.class, Booked::new)));
  }

  private Behavior<Command> onBooked(Bookkeeper.Booking booking) {
    if (abroad == null) {
      return this;
    }
    return switch (booking) {
      case Bookkeeper.Opened _ -> {
        ask(abroad.leg().inference());
        yield this;
      }
      case Bookkeeper.Refused refused -> {
        abroad = null;
        yield fail(refused.failure());
      }
    };
  }

  private void ask(ActorRef<Inference.Command> provider) {
    timers.cancel(AskAgain.class);
    Duration limit = exchangeContext.settings().silenceLimit();
    timers.startSingleTimer(
        GiveUp.class, new GiveUp(ExchangeFailures.silent(requireNonNull(model), limit)), limit);
    getContext().watchWith(provider, new ProviderGone());
    provider.tell(
        switch (job) {
          case Embed embed ->
              new Inference.Embed(
                  embed.request().inputs(),
                  getContext().messageAdapter(Inference.EmbedReply.class, Embedded::new));
          case Count count ->
              new Inference.CountTokens(
                  count.request(),
                  getContext().messageAdapter(Inference.CountReply.class, Counted::new));
        });
  }

  private void ask() {
    if (model == null) {
      exchangeContext.router().tell(new Router.Decide(query, arrival, verdicts));
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
    if (abroad == null) {
      exchangeContext.router().tell(new Router.Ended(arrival, null, null));
    } else {
      // Claude counts for nothing; and how it fared says nothing about answers.
      Consumption counted = new Consumption(true, null, TokenUsage.NONE, abroad.bound(), "COUNTED");
      exchangeContext.books().tell(new Bookkeeper.Close(abroad.entry(), counted));
      exchangeContext.router().tell(new Router.Lost(arrival));
    }
    return Behaviors.stopped();
  }

  private static long bytes(Count count) {
    return count.request().prompt() instanceof Prompt.Conversation conversation
        ? conversation.messages().stream()
            .mapToLong(each -> each.content().getBytes(StandardCharsets.UTF_8).length)
            .sum()
        : 0;
  }

  private static RoutingQuery query(Job job) {
    return switch (job) {
      case Embed embed ->
          new RoutingQuery(
              Privacy.LOCAL_ONLY,
              embed.request().model(),
              WhenNotReady.FORWARD,
              false,
              null,
              null,
              RoutingQuery.LocalTry.NONE,
              null,
              null);
      case Count count
          when count.request().effectivePrivacy() == Privacy.CLOUD_ONLY
              || count.request().showsImages() ->
          RoutingQuery.of(count.request());
      case Count count ->
          RoutingQuery.of(count.request().toBuilder().privacy(Privacy.LOCAL_ONLY).build());
    };
  }
}
