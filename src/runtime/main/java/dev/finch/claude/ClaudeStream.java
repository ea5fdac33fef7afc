package dev.finch.claude;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an answer by Claude: says what it would send, sends it when it may, repeats it
 * while nothing was answered, and relays the answer against the reader's demand. Bytes are read
 * from the network only when all that came before was handed on, so a slow reader slows Claude and
 * fills no memory here.
 */
final class ClaudeStream extends AbstractMatchingBehavior<ClaudeStream.Command> {

  /** What an attempt is told. */
  sealed interface Command {}

  /** The reader has room for this many more pieces of content. */
  record Demand(int count) implements Command {}

  /** What was quoted may be sent. */
  record Proceed() implements Command {}

  /** Nobody wants the answer any more. */
  record Cancel() implements Command {}

  /** Ask with this question instead of the one whose model Claude does not know. */
  record AskInstead(ApiRequest apiRequest) implements Command {}

  /** There is no other model to ask. */
  record NoOtherModel() implements Command {}

  private record ReaderGone() implements Command {}

  private record TryAgain(Failure after) implements Command {}

  private record LingeredTooLong() implements Command {}

  private record Listened(HttpCall send) implements Command {}

  private record Responded(
      HttpCall send, @Nullable HttpResponse response, @Nullable Throwable failure)
      implements Command {}

  private record Refused(HttpCall send, HttpResponse response, ResponseBody.Whole body)
      implements Command {}

  private record BytesCame(HttpCall send, ByteString bytes, CompletableFuture<Done> next)
      implements Command {}

  private record BodyEnded(HttpCall send, @Nullable Throwable failure) implements Command {}

  /** What an attempt tells the client. */
  sealed interface Report {}

  /** A finished turn that Claude wants back unchanged. */
  record ThoughtfulTurn(ArrayNode blocks) implements Report {}

  /** Claude does not know the model: is there another? */
  record ModelMissing(String attempt, String model, ActorRef<Command> replyTo) implements Report {}

  /** What all attempts of one client share. */
  record Shared(
      ClaudeSettings settings,
      RequestBuilder calls,
      ConnectionPool connections,
      RetryPolicy retryPolicy,
      ActorRef<? super Report> client) {}

  /** How long the end of a complete answer's response is awaited, to keep its connection. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Inference.Generate order;
  private final Shared shared;
  private final TimerScheduler<Command> timers;
  private final AnswerDelivery delivery;
  private final Stopwatch stopwatch = new Stopwatch();

  private ApiRequest apiRequest;
  private boolean mayProceed;
  private @Nullable HttpCall send;
  private @Nullable Failure missing;
  private boolean cancelled;
  private int retries;
  private int redirects;
  private long heardAt;

  static Behavior<Command> create(Inference.Generate order, ApiRequest apiRequest, Shared shared) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ClaudeStream(context, timers, order, apiRequest, shared)));
  }

  private ClaudeStream(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Inference.Generate order,
      ApiRequest apiRequest,
      Shared shared) {
    super(context);
    this.timers = timers;
    this.order = order;
    this.apiRequest = apiRequest;
    this.shared = shared;
    this.delivery = new AnswerDelivery(order, apiRequest.model());
    context.watchWith(order.replyTo(), new ReaderGone());
    quote(null);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Demand more -> onDemand(more);
      case Proceed _ -> onProceed();
      case Cancel _ -> onCancel();
      case ReaderGone _, LingeredTooLong _ -> Behaviors.stopped();
      case TryAgain(var after) -> quote(after);
      case AskInstead instead -> onAskInstead(instead);
      case NoOtherModel _ -> onNoOtherModel();
      case Listened it when it.send().equals(send) -> onListened(it);
      case Responded it when it.send().equals(send) -> onResponded(it);
      case Refused it when it.send().equals(send) -> onRefused(it);
      case BytesCame it when it.send().equals(send) -> onBytesCame(it);
      case BodyEnded it when it.send().equals(send) -> onBodyEnded(it);
      case Listened _, Responded _, Refused _, BytesCame _, BodyEnded _ -> this;
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop && send != null) {
      send.drop();
    }
    return this;
  }

  /**
   * @param after why what was sent before came to nothing, or null at the first
   */
  private Behavior<Command> quote(@Nullable Failure after) {
    mayProceed = true;
    order.replyTo().tell(apiRequest.quoted(order.attempt(), after));
    return this;
  }

  private Behavior<Command> onDemand(Demand more) {
    if (!delivery.drained()) {
      heardAt = System.nanoTime();
    }
    delivery.demand(more.count());
    return proceed();
  }

  private Behavior<Command> onProceed() {
    if (!mayProceed) {
      return this;
    }
    mayProceed = false;
    HttpCall begun =
        new HttpCall(apiRequest, newReader(), shared.connections(), getContext().getSystem());
    send = begun;
    getContext()
        .pipeToSelf(
            begun.begin(shared.calls()),
            (response, failure) -> new Responded(begun, response, failure));
    return this;
  }

  /** What had been sent is still told, for which the end of an unanswered request is awaited. */
  private Behavior<Command> onCancel() {
    if (send == null || delivery.over()) {
      return Behaviors.stopped();
    }
    cancelled = true;
    send.drop();
    return send.hasResponse() ? leave(send) : this;
  }

  private Behavior<Command> leave(HttpCall left) {
    order.replyTo().tell(left.egress(order.attempt()));
    return Behaviors.stopped();
  }

  private Behavior<Command> onResponded(Responded it) {
    HttpResponse response = it.response();
    if (response != null) {
      it.send().responded(response);
    }
    if (cancelled) {
      return leave(it.send());
    }
    if (response == null) {
      return onNoResponse(it.send(), it.failure());
    }
    if (!response.status().isSuccess() || Redirects.is(response)) {
      return readRefusal(it.send(), response);
    }
    if (!ResponseBody.isEventStream(response)) {
      return fail(ConnectionFailures.notAStream(response, shared.settings().endpoint()));
    }
    return readAnswer(it.send(), response);
  }

  private Behavior<Command> onNoResponse(HttpCall unanswered, @Nullable Throwable failure) {
    Failure unreachable = ConnectionFailures.unreachable(failure, shared.settings());
    if (unanswered.wasNotTakenUp()) { // which spends no retry
      comeToNothing(unanswered);
      return quote(unreachable);
    }
    return retryOrFail(RequestFailure.connection(unreachable));
  }

  private Behavior<Command> readRefusal(HttpCall refused, HttpResponse response) {
    getContext()
        .pipeToSelf(
            refused.refusal(response),
            (whole, _) -> new Refused(refused, response, ResponseBody.orEmpty(whole)));
    return this;
  }

  private Behavior<Command> readAnswer(HttpCall answered, HttpResponse response) {
    ActorRef<Command> self = getContext().getSelf();
    heardAt = System.nanoTime();
    timers.startSingleTimer(new Listened(answered), shared.settings().limits().idleTimeout());
    getContext()
        .pipeToSelf(
            answered.answer(
                response, (bytes, wanted) -> self.tell(new BytesCame(answered, bytes, wanted))),
            (_, failure) -> new BodyEnded(answered, failure));
    return this;
  }

  private Behavior<Command> onRefused(Refused it) {
    if (it.body().complete()) {
      it.send().release();
    }
    if (Redirects.is(it.response())) {
      return onRedirect(it);
    }
    RequestFailure requestFailure = RequestFailure.refusal(it.response(), it.body());
    if (requestFailure.failure().code() == FailureCode.CLAUDE_NOT_FOUND && missing == null) {
      missing = requestFailure.failure();
      shared
          .client()
          .tell(new ModelMissing(order.attempt(), apiRequest.model(), getContext().getSelf()));
      return this;
    }
    return retryOrFail(requestFailure);
  }

  private Behavior<Command> onRedirect(Refused it) {
    Endpoint endpoint = shared.settings().endpoint();
    Failure elsewhere = Redirects.failure(it.response(), endpoint);
    String path = Redirects.path(it.response(), endpoint);
    if (path == null || redirects >= Redirects.MOST) {
      return fail(elsewhere);
    }
    redirects++;
    comeToNothing(it.send());
    apiRequest = apiRequest.at(path);
    return quote(shared.settings().scrub(elsewhere));
  }

  private Behavior<Command> onAskInstead(AskInstead instead) {
    if (missing == null || send == null) {
      return this;
    }
    comeToNothing(send);
    apiRequest = instead.apiRequest();
    delivery.answeredBy(apiRequest.model());
    return quote(missing);
  }

  private Behavior<Command> onNoOtherModel() {
    return missing == null ? this : fail(missing);
  }

  /**
   * Pings keep a connection alive and are no answer; a reader who takes nothing stops the clock.
   */
  private Behavior<Command> onListened(Listened it) {
    if (delivery.ending()) {
      return this;
    }
    if (!delivery.drained()) {
      heardAt = System.nanoTime();
    }
    Duration idle = shared.settings().limits().idleTimeout();
    Duration left = idle.minusNanos(System.nanoTime() - heardAt);
    if (left.isPositive()) {
      timers.startSingleTimer(it, left);
      return this;
    }
    return fail(ConnectionFailures.saidNothing(idle));
  }

  private Behavior<Command> onBytesCame(BytesCame it) {
    ResponseReader reader = it.send().reader();
    long before = reader.transcript().heard();
    it.send().take(it.bytes(), it.next());
    if (reader.transcript().heard() > before) {
      heardAt = System.nanoTime();
    }
    Failure failure = reader.failure();
    if (failure != null) {
      return retryOrFail(RequestFailure.stream(failure));
    }
    delivery.answeredBy(reader.transcript().model());
    delivery.promptTook(reader.transcript().prompt());
    if (reader.transcript().complete() && !delivery.ending()) {
      finish(it.send());
    }
    return proceed();
  }

  private Behavior<Command> onBodyEnded(BodyEnded it) {
    if (it.send().reader().transcript().complete()) {
      if (it.failure() == null) {
        it.send().release();
      }
      return proceedTo(delivery.over());
    }
    return retryOrFail(RequestFailure.connection(ConnectionFailures.cut(it.failure())));
  }

  private Behavior<Command> retryOrFail(RequestFailure requestFailure) {
    Failure failure = requestFailure.failure();
    Duration wait =
        delivery.anyContent() ? null : requestFailure.wait(shared.retryPolicy(), retries);
    if (wait == null || send == null) {
      return fail(failure);
    }
    getContext().getLog().debug("Claude is asked again in {}: {}", wait, failure.code());
    retries++;
    comeToNothing(send);
    timers.startSingleTimer(new TryAgain(shared.settings().scrub(failure)), wait);
    return this;
  }

  /** Nothing more is taken of this one; what it came to is told. */
  private void comeToNothing(HttpCall vain) {
    vain.drop();
    order.replyTo().tell(vain.egress(order.attempt()));
    send = null;
  }

  private void finish(HttpCall answered) {
    Transcript transcript = answered.reader().transcript();
    TokenUsage usage = answered.settled();
    ArrayNode turn = transcript.thoughtfulTurn();
    if (turn != null) {
      shared.client().tell(new ThoughtfulTurn(turn));
    }
    end(
        new AnswerEvent.Finished(
            transcript.finishReason(),
            usage,
            stopwatch.timings(usage.completionTokens()),
            new Cost(OptionalLong.empty(), answered.isEstimated()),
            transcript.stopSequence(),
            transcript.cloudFields()));
  }

  private Behavior<Command> fail(Failure failure) {
    if (send != null) {
      send.drop();
    }
    end(new AnswerEvent.Failed(shared.settings().scrub(failure)));
    send = null;
    return proceed();
  }

  private void end(AnswerEvent.Terminal end) {
    delivery.end(end, send == null ? null : send.egress(order.attempt()));
  }

  /** Hands on what there is demand for; then asks for more bytes, or ends. */
  private Behavior<Command> proceed() {
    boolean before = delivery.over();
    delivery.flush();
    if (delivery.drained() && send != null) {
      send.wantMore();
    }
    boolean held = send != null && send.holdsConnection();
    if (delivery.over() && !before && held) {
      timers.startSingleTimer(new LingeredTooLong(), LINGER);
    }
    return proceedTo(delivery.over() && !held);
  }

  private Behavior<Command> proceedTo(boolean end) {
    return end ? Behaviors.stopped() : this;
  }

  private ResponseReader newReader() {
    return new ResponseReader(
        new AnswerBounds(
            shared.settings().limits().lineBytes(),
            shared.settings().limits().answerBytes(),
            apiRequest.maxTokens()),
        content -> {
          stopwatch.firstContent();
          delivery.add(content);
        });
  }
}
