package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.Inference;
import java.time.Duration;
import java.time.Instant;
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
 * One attempt at an answer by Claude: sends the request, repeats it while nothing was answered, and
 * relays the answer against the reader's demand. Bytes are read from the network only when all that
 * came before was handed on, so a slow reader slows Claude and fills no memory here.
 */
final class ClaudeStream extends AbstractMatchingBehavior<ClaudeStream.Command> {

  /** What an attempt is told. */
  sealed interface Command {}

  /** The reader has room for this many more pieces of content. */
  record Demand(int count) implements Command {}

  /** Nobody wants the answer any more. */
  record Cancel() implements Command {}

  /** Ask with this request instead of the one whose model Claude does not know. */
  record AskInstead(Question question) implements Command {}

  /** There is no other model to ask. */
  record NoOtherModel() implements Command {}

  private record ReaderGone() implements Command {}

  private record TryAgain() implements Command {}

  private record LingeredTooLong() implements Command {}

  private record Responded(int send, @Nullable HttpResponse response, @Nullable Throwable failure)
      implements Command {}

  private record Refused(int send, HttpResponse response, ResponseBody.Whole body)
      implements Command {}

  private record BytesCame(int send, ByteString bytes, CompletableFuture<Done> next)
      implements Command {}

  private record BodyEnded(int send, @Nullable Throwable failure) implements Command {}

  /** What an attempt tells the client. */
  sealed interface Report {}

  /** A finished turn that Claude wants back unchanged. */
  record ThoughtfulTurn(ArrayNode blocks) implements Report {}

  /** Claude does not know the model: is there another? */
  record ModelMissing(String attempt, String model, ActorRef<Command> replyTo) implements Report {}

  /** What is asked of which model. */
  record Question(String model, ByteString body) {}

  /** What all attempts of one client share. */
  record Shared(
      ClaudeSettings settings,
      Calls calls,
      Connections connections,
      RetryPolicy retryPolicy,
      ActorRef<? super Report> client) {}

  /** How long the end of a complete answer's response is awaited, to keep its connection. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final int OVERLOADED = 529;

  private final Inference.Generate order;
  private final Shared shared;
  private final TimerScheduler<Command> timers;
  private final Delivery delivery;
  private final Stopwatch stopwatch = new Stopwatch();
  private final ResponseBody.Counter received = new ResponseBody.Counter();

  private Question question;
  private AnswerReader reader;
  private @Nullable Connection connection;
  private @Nullable CompletableFuture<Done> next;
  private @Nullable String upstreamRequestId;
  private @Nullable Failure missing;
  private int sends;
  private int retries;
  private long sentBytes;

  static Behavior<Command> create(Inference.Generate order, Question question, Shared shared) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ClaudeStream(context, timers, order, question, shared)));
  }

  private ClaudeStream(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Inference.Generate order,
      Question question,
      Shared shared) {
    super(context);
    this.timers = timers;
    this.order = order;
    this.question = question;
    this.shared = shared;
    this.delivery = new Delivery(order, question.model());
    this.reader = newReader();
    context.watchWith(order.replyTo(), new ReaderGone());
    send();
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Demand more -> onDemand(more);
      case Cancel _, ReaderGone _, LingeredTooLong _ -> Behaviors.stopped();
      case TryAgain _ -> send();
      case AskInstead instead -> onAskInstead(instead);
      case NoOtherModel _ -> onNoOtherModel();
      case Responded it when it.send() == sends -> onResponded(it);
      case Refused it when it.send() == sends -> onRefused(it);
      case BytesCame it when it.send() == sends -> onBytesCame(it);
      case BodyEnded it when it.send() == sends -> onBodyEnded(it);
      case Responded _, Refused _, BytesCame _, BodyEnded _ -> this;
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      dropConnection();
    }
    return this;
  }

  private Behavior<Command> onDemand(Demand more) {
    delivery.demand(more.count());
    return proceed();
  }

  private Behavior<Command> send() {
    int send = ++sends;
    reader = newReader();
    Connection used = shared.connections().take();
    connection = used;
    getContext()
        .pipeToSelf(
            used.send(shared.calls().messages(question.body())),
            (response, failure) -> new Responded(send, response, failure));
    return this;
  }

  private Behavior<Command> onResponded(Responded it) {
    HttpResponse response = it.response();
    boolean left = response != null || (connection != null && connection.wasConnected());
    sentBytes += left ? question.body().size() : 0;
    if (response == null) {
      return onNoResponse(it.failure());
    }
    upstreamRequestId = Calls.headersOf(response).apply("request-id");
    if (!response.status().isSuccess()) {
      return readRefusal(response);
    }
    if (!ResponseBody.isEventStream(response)) {
      return fail(ConnectionFailures.notAStream(response, shared.settings().endpoint()));
    }
    return readAnswer(response);
  }

  private Behavior<Command> onNoResponse(@Nullable Throwable failure) {
    if (connection != null && connection.wasReused()) {
      // Claude closed a kept connection while the request was on its way: that spends no retry.
      dropConnection();
      return send();
    }
    Failure unreachable = ConnectionFailures.unreachable(failure, shared.settings());
    return retryOrFail(0, false, ClaudeStream::noHeader, unreachable);
  }

  private Behavior<Command> readRefusal(HttpResponse response) {
    int send = sends;
    getContext()
        .pipeToSelf(
            ResponseBody.whole(response, received, getContext().getSystem()),
            (whole, _) -> new Refused(send, response, ResponseBody.orEmpty(whole)));
    return this;
  }

  private Behavior<Command> readAnswer(HttpResponse response) {
    int send = sends;
    ActorRef<Command> self = getContext().getSelf();
    getContext()
        .pipeToSelf(
            ResponseBody.relay(
                response,
                received,
                getContext().getSystem(),
                (bytes, wanted) -> self.tell(new BytesCame(send, bytes, wanted))),
            (_, failure) -> new BodyEnded(send, failure));
    return this;
  }

  private Behavior<Command> onRefused(Refused it) {
    int status = it.response().status().intValue();
    RetryPolicy.Headers headers = Calls.headersOf(it.response());
    JsonNode json = Json.parse(it.body().bytes().toArray());
    if (it.body().complete()) {
      giveBackConnection();
    }
    Failure failure = ApiErrors.failure(status, json);
    Duration wait = RetryPolicy.askedWait(headers, Instant.now());
    if (wait != null && failure.retryable()) {
      failure = failure.retryAfter(wait);
    }
    if (failure.code() == FailureCode.CLAUDE_NOT_FOUND && missing == null) {
      missing = failure;
      shared
          .client()
          .tell(new ModelMissing(order.attempt(), question.model(), getContext().getSelf()));
      return this;
    }
    return retryOrFail(status, ApiErrors.isSpendLimit(json), headers, failure);
  }

  private Behavior<Command> onAskInstead(AskInstead instead) {
    question = instead.question();
    delivery.answeredBy(question.model());
    return send();
  }

  private Behavior<Command> onNoOtherModel() {
    return missing == null ? this : fail(missing);
  }

  private Behavior<Command> onBytesCame(BytesCame it) {
    next = it.next();
    reader.feed(it.bytes());
    Failure failure = reader.failure();
    if (failure != null) {
      return retryOrFail(
          failure.retryable() ? OVERLOADED : 0,
          !failure.retryable(),
          ClaudeStream::noHeader,
          failure);
    }
    delivery.answeredBy(reader.transcript().model());
    if (reader.transcript().complete() && !delivery.ending()) {
      finish(reader.transcript());
    }
    return proceed();
  }

  private Behavior<Command> onBodyEnded(BodyEnded it) {
    if (reader.transcript().complete()) {
      if (it.failure() == null) {
        giveBackConnection();
      }
      return proceedTo(delivery.over());
    }
    return retryOrFail(0, false, ClaudeStream::noHeader, ConnectionFailures.cut(it.failure()));
  }

  private Behavior<Command> retryOrFail(
      int status, boolean hopeless, RetryPolicy.Headers headers, Failure failure) {
    Duration wait =
        delivery.anyContent()
            ? null
            : shared.retryPolicy().next(retries, status, hopeless, headers);
    if (wait == null) {
      return fail(failure);
    }
    getContext().getLog().debug("Claude is asked again in {}: {}", wait, failure.code());
    retries++;
    sends++;
    dropConnection();
    timers.startSingleTimer(new TryAgain(), wait);
    return this;
  }

  private void finish(Transcript transcript) {
    ArrayNode turn = transcript.thoughtfulTurn();
    if (turn != null) {
      shared.client().tell(new ThoughtfulTurn(turn));
    }
    end(
        new AnswerEvent.Finished(
            transcript.finishReason(),
            transcript.usage(),
            stopwatch.timings(transcript.usage().completionTokens()),
            Cost.UNKNOWN));
  }

  private Behavior<Command> fail(Failure failure) {
    sends++;
    dropConnection();
    Failure scrubbed =
        new Failure(
            failure.code(),
            shared.settings().scrub(failure.message()),
            failure.hint(),
            failure.retryable(),
            failure.retryAfter());
    end(new AnswerEvent.Failed(scrubbed));
    return proceed();
  }

  private void end(AnswerEvent.Terminal end) {
    delivery.end(
        end,
        new Inference.Egress(
            order.attempt(), delivery.model(), sentBytes, received.bytes(), upstreamRequestId));
  }

  /** Hands on what there is demand for; then asks for more bytes, or ends. */
  private Behavior<Command> proceed() {
    boolean before = delivery.over();
    delivery.flush();
    if (delivery.drained() && next != null) {
      next.complete(Done.getInstance());
      next = null;
    }
    if (delivery.over() && !before && connection != null) {
      timers.startSingleTimer(new LingeredTooLong(), LINGER);
    }
    return proceedTo(delivery.over() && connection == null);
  }

  private Behavior<Command> proceedTo(boolean end) {
    return end ? Behaviors.stopped() : this;
  }

  private static @Nullable String noHeader(String name) {
    return null;
  }

  private AnswerReader newReader() {
    return new AnswerReader(
        shared.settings().limits().lineBytes(),
        content -> {
          stopwatch.firstContent();
          delivery.add(content);
        });
  }

  private void giveBackConnection() {
    if (connection != null) {
      shared.connections().giveBack(connection);
      connection = null;
    }
  }

  private void dropConnection() {
    next = null;
    if (connection != null) {
      connection.abort();
      connection = null;
    }
  }
}
