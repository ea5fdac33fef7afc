package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.GenerateRequest;
import dev.finch.provider.Inference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Claude as a provider of answers. Each attempt is a child of its own, so that none can harm
 * another; this actor keeps what they share: connections, the list of models, and the turns that
 * Claude wants back unchanged.
 */
public final class ClaudeClient extends AbstractMatchingBehavior<ClaudeClient.Command> {

  /** What the client is told. */
  sealed interface Command {}

  private record Asked(Inference.Command command) implements Command {}

  private record Reported(ClaudeStream.Report report) implements Command {}

  private record ModelsCame(@Nullable List<CloudModel> models, @Nullable Throwable failure)
      implements Command {}

  private record CountCame(
      @Nullable JsonNode answer, @Nullable Throwable failure, ActorRef<Inference.CountReply> to)
      implements Command {}

  private record Running(Inference.Generate order, ActorRef<ClaudeStream.Command> stream) {}

  /** The way to the network. */
  private record Upstream(ClaudeStream.Shared shared, UnaryCalls unaryCalls) {}

  private final ClaudeSettings settings;
  private final ModelGuard guard;
  private final GuardedEndpoint listEndpoint;
  private final GuardedEndpoint countEndpoint;
  private final ThinkingTurns turns = new ThinkingTurns();
  private final Map<String, Running> running = new HashMap<>();
  private final List<ClaudeStream.ModelMissing> missing = new ArrayList<>();
  private @Nullable Upstream upstream;
  private boolean listing;

  /**
   * A client with connections of its own. It opens none, and asks nothing, before its first
   * request.
   */
  public static Behavior<Inference.Command> create(ClaudeSettings settings) {
    return Behaviors.transformMessages(
        Inference.Command.class,
        Behaviors.<Command>setup(context -> new ClaudeClient(context, settings)),
        builder -> builder.match(Inference.Command.class, Asked::new));
  }

  private ClaudeClient(ActorContext<Command> context, ClaudeSettings settings) {
    super(context);
    this.settings = settings;
    this.guard = new ModelGuard(settings);
    this.listEndpoint = new GuardedEndpoint(settings.breaker());
    this.countEndpoint = new GuardedEndpoint(settings.breaker());
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Asked asked -> onAsked(asked.command());
      case Reported reported -> onReport(reported.report());
      case ModelsCame came -> onModels(came);
      case CountCame came -> onCount(came);
    }
    return this;
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    switch (signal) {
      case ChildFailed failed -> onStreamGone(failed.getRef(), true);
      case Terminated terminated -> onStreamGone(terminated.getRef(), false);
      case PostStop _ -> disconnect();
      default -> {}
    }
    return this;
  }

  private void onAsked(Inference.Command command) {
    switch (command) {
      case Inference.Generate order -> onGenerate(order);
      case Inference.Demand demand ->
          tell(demand.attempt(), new ClaudeStream.Demand(demand.count()));
      case Inference.Proceed proceed -> tell(proceed.attempt(), new ClaudeStream.Proceed());
      case Inference.Cancel cancel -> tell(cancel.attempt(), new ClaudeStream.Cancel());
      case Inference.CountTokens count -> onCountTokens(count);
      case Inference.Embed embed -> embed.replyTo().tell(noEmbeddings());
    }
  }

  private void onGenerate(Inference.Generate order) {
    Failure refusal = refusal(order.request());
    if (refusal == null && running.size() >= settings.limits().streams()) {
      refusal = busy();
    }
    if (refusal == null && running.containsKey(order.attempt())) {
      refusal = doubled(order.attempt());
    }
    if (refusal != null) {
      order.replyTo().tell(new Inference.Rejected(order.attempt(), refusal));
      return;
    }
    refreshModels();
    ModelGuard.Choice choice = guard.choose(wantedModel(order.request()), Instant.now());
    try {
      start(order, apiRequest(order.request(), choice));
    } catch (FinchException e) {
      order.replyTo().tell(new Inference.Rejected(order.attempt(), e.failure()));
    }
  }

  private void start(Inference.Generate order, ApiRequest apiRequest) {
    ActorRef<ClaudeStream.Command> stream =
        getContext().spawnAnonymous(ClaudeStream.create(order, apiRequest, upstream().shared()));
    running.put(order.attempt(), new Running(order, stream));
    getContext().watch(stream);
  }

  private ApiRequest apiRequest(GenerateRequest request, ModelGuard.Choice choice) {
    int asked = Objects.requireNonNullElse(request.sampling().maxTokens(), settings.maxTokens());
    return MessagesRequest.streamed(
        request,
        choice.model(),
        settings.version(),
        Math.min(asked, choice.maxTokens()),
        settings.cacheFromBytes(),
        turns);
  }

  private void onReport(ClaudeStream.Report report) {
    switch (report) {
      case ClaudeStream.ThoughtfulTurn turn -> turns.remember(turn.blocks());
      case ClaudeStream.ModelMissing lost when listing -> missing.add(lost);
      case ClaudeStream.ModelMissing lost -> answerMissing(lost);
    }
  }

  private void onModels(ModelsCame came) {
    listing = false;
    listEndpoint.ended(came.failure(), Instant.now());
    if (came.models() == null) {
      guard.failed(Instant.now());
    } else {
      guard.update(came.models());
    }
    missing.forEach(this::answerMissing);
    missing.clear();
  }

  /** Claude does not know the model: the list may name the one that took its place. */
  private void answerMissing(ClaudeStream.ModelMissing lost) {
    Running attempt = running.get(lost.attempt());
    ModelGuard.Choice choice = guard.chooseInsteadOf(lost.model());
    lost.replyTo()
        .tell(
            attempt == null || choice == null
                ? new ClaudeStream.NoOtherModel()
                : new ClaudeStream.AskInstead(apiRequest(attempt.order().request(), choice)));
  }

  private void onCountTokens(Inference.CountTokens count) {
    Failure refusal = refusal(count.request());
    if (refusal == null) {
      refusal = countEndpoint.whyNot(Instant.now());
    }
    if (refusal != null) {
      count.replyTo().tell(new Inference.CountFailed(refusal));
      return;
    }
    String model = guard.choose(wantedModel(count.request()), Instant.now()).model();
    try {
      byte[] body = MessagesRequest.counted(count.request(), model, turns);
      Upstream way = upstream();
      countEndpoint.called(Instant.now());
      getContext()
          .pipeToSelf(
              way.unaryCalls()
                  .call(
                      way.shared()
                          .calls()
                          .countTokens(
                              ByteString.fromArrayUnsafe(body),
                              count.request().cloudOptions().betas())),
              (answer, thrown) -> new CountCame(answer, thrown, count.replyTo()));
    } catch (FinchException e) {
      count.replyTo().tell(new Inference.CountFailed(e.failure()));
    }
  }

  private void onCount(CountCame came) {
    countEndpoint.ended(came.failure(), Instant.now());
    came.to().tell(TokenCountReply.of(came.answer(), came.failure()));
  }

  private void refreshModels() {
    Instant now = Instant.now();
    if (listEndpoint.whyNot(now) == null && guard.due(now)) {
      listing = true;
      listEndpoint.called(now);
      Upstream way = upstream();
      // A gateway without this endpoint is no reason to worry: models are then taken as named.
      getContext()
          .pipeToSelf(
              way.unaryCalls().call(way.shared().calls().models()).thenApply(CloudModel::list),
              ModelsCame::new);
    }
  }

  /** Made when first needed: a start that sends nothing to Claude loads no HTTP client. */
  private Upstream upstream() {
    if (upstream == null) {
      ConnectionPool connections = new ConnectionPool(getContext().getSystem(), settings);
      ClaudeStream.Shared shared =
          new ClaudeStream.Shared(
              settings,
              new RequestBuilder(settings),
              connections,
              new RetryPolicy(settings.retries(), () -> ThreadLocalRandom.current().nextDouble()),
              getContext().messageAdapter(ClaudeStream.Report.class, Reported::new));
      upstream =
          new Upstream(shared, new UnaryCalls(getContext().getSystem(), connections, settings));
    }
    return upstream;
  }

  private void disconnect() {
    if (upstream != null) {
      upstream.shared().connections().close();
    }
  }

  private void tell(String attempt, ClaudeStream.Command command) {
    Running attemptRunning = running.get(attempt);
    if (attemptRunning != null) {
      attemptRunning.stream().tell(command);
    }
  }

  private void onStreamGone(ActorRef<Void> stream, boolean crashed) {
    running
        .values()
        .removeIf(
            gone -> {
              boolean same = gone.stream().path().equals(stream.path());
              if (same && crashed) {
                reportLost(gone.order());
              }
              return same;
            });
  }

  private static void reportLost(Inference.Generate order) {
    Failure lost =
        Failure.passing(
            FailureCode.PROVIDER_LOST,
            "The connection to Claude failed inside Finch before the answer was complete.",
            "Ask again; the log has the cause.");
    order.replyTo().tell(new Inference.Emitted(order.attempt(), new AnswerEvent.Failed(lost)));
  }

  private @Nullable Failure refusal(GenerateRequest request) {
    Failure unavailable = settings.unavailable();
    return unavailable != null ? unavailable : MessagesRequest.refusal(request);
  }

  private String wantedModel(GenerateRequest request) {
    return Objects.requireNonNullElse(request.cloudModel(), settings.model());
  }

  private Failure busy() {
    return Failure.passing(
        FailureCode.BUSY,
        settings.limits().streams() + " answers by Claude are coming already, which is the limit.",
        "Ask again in a while, or raise finch.cloud.limits.streams.");
  }

  private static Failure doubled(String attempt) {
    return Failure.permanent(
        FailureCode.INTERNAL, "The attempt " + attempt + " is under way already.", null);
  }

  private static Inference.EmbedFailed noEmbeddings() {
    return new Inference.EmbedFailed(
        Failure.permanent(
            FailureCode.BAD_REQUEST, "Claude does not embed texts.", "Embed with a local model."));
  }
}
