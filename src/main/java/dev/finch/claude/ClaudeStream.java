package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Cost;
import dev.finch.inference.Inference;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
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

  private record ReaderGone() implements Command {}

  private record TryAgain() implements Command {}

  private record LingeredTooLong() implements Command {}

  private record Responded(
      int attempt, @Nullable HttpResponse response, @Nullable Throwable failure)
      implements Command {}

  private record Refused(int attempt, HttpResponse response, ResponseBody.Whole body)
      implements Command {}

  private record BodyOpened(int attempt, ActorRef<ResponseBody.Next> next) implements Command {}

  private record BytesCame(int attempt, ActorRef<ResponseBody.Next> next, ByteString bytes)
      implements Command {}

  private record BodyEnded(int attempt, @Nullable Throwable failure) implements Command {}

  /**
   * What every attempt of one client shares.
   *
   * @param onThoughtfulTurn gets a finished turn that must be sent back unchanged
   */
  record Shared(
      ClaudeSettings settings,
      Calls calls,
      Connections connections,
      RetryPolicy retryPolicy,
      Consumer<ArrayNode> onThoughtfulTurn) {}

  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Inference.Generate order;
  private final String model;
  private final byte[] body;
  private final Shared shared;
  private final TimerScheduler<Command> timers;
  private final Stopwatch stopwatch = new Stopwatch();
  private final Deque<AnswerEvent.Content> pending = new ArrayDeque<>();
  private final ResponseBody.Counter received = new ResponseBody.Counter();

  private AnswerReader reader;
  private @Nullable Connection connection;
  private @Nullable ActorRef<ResponseBody.Next> next;
  private AnswerEvent.@Nullable Terminal terminal;
  private @Nullable String upstreamRequestId;
  private int attempt;
  private int retries;
  private long demand;
  private long sent;
  private boolean anyContent;
  private boolean started;
  private boolean concluded;

  static Behavior<Command> create(
      Inference.Generate order, String model, byte[] body, Shared shared) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ClaudeStream(context, timers, order, model, body, shared)));
  }

  private ClaudeStream(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Inference.Generate order,
      String model,
      byte[] body,
      Shared shared) {
    super(context);
    this.timers = timers;
    this.order = order;
    this.model = model;
    this.body = body;
    this.shared = shared;
    this.demand = order.demand();
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
      case Responded it when it.attempt() == attempt -> onResponded(it);
      case Refused it when it.attempt() == attempt -> onRefused(it);
      case BodyOpened it when it.attempt() == attempt -> onBodyOpened(it);
      case BytesCame it when it.attempt() == attempt -> onBytesCame(it);
      case BodyEnded it when it.attempt() == attempt -> onBodyEnded(it);
      case Responded _, Refused _, BodyOpened _, BytesCame _, BodyEnded _ -> this;
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      dropConnection();
    }
    return this;
  }

  private Behavior<Command> send() {
    attempt++;
    int current = attempt;
    reader = newReader();
    connection = shared.connections().take();
    getContext()
        .pipeToSelf(
            connection.send(shared.calls().messages(body)),
            (response, failure) -> new Responded(current, response, failure));
    return this;
  }

  private Behavior<Command> onDemand(Demand more) {
    demand += more.count();
    return flush();
  }

  private Behavior<Command> onResponded(Responded it) {
    HttpResponse response = it.response();
    Connection used = connection;
    sent += response != null || (used != null && used.wasConnected()) ? body.length : 0;
    if (response == null) {
      return onUnreachable(it.failure());
    }
    upstreamRequestId = Calls.headersOf(response).apply("request-id");
    int current = attempt;
    if (!response.status().isSuccess()) {
      getContext()
          .pipeToSelf(
              ResponseBody.whole(response, received, getContext().getSystem()),
              (whole, _) -> new Refused(current, response, ResponseBody.orEmpty(whole)));
      return this;
    }
    if (!ResponseBody.isEventStream(response)) {
      return fail(ConnectionFailures.notAStream(response, shared.settings().endpoint()));
    }
    ResponseBody.relay(
        response,
        received,
        getContext().getSystem(),
        ResponseBody.into(
            getContext().getSelf(),
            ref -> new BodyOpened(current, ref),
            (ref, bytes) -> new BytesCame(current, ref, bytes),
            failure -> new BodyEnded(current, failure)));
    return this;
  }

  private Behavior<Command> onUnreachable(@Nullable Throwable failure) {
    Connection used = connection;
    if (used != null && used.wasReused()) {
      // Claude closed a kept connection while this request was on its way: no try was spent.
      dropConnection();
      return send();
    }
    return retryOrFail(
        0, false, _ -> null, ConnectionFailures.unreachable(failure, shared.settings()));
  }

  private Behavior<Command> onRefused(Refused it) {
    int status = it.response().status().intValue();
    RetryPolicy.Headers headers = Calls.headersOf(it.response());
    JsonNode json = Json.parse(it.body().bytes().toArray());
    if (it.body().complete()) {
      giveBackConnection();
    }
    Failure failure = scrubbed(ApiErrors.failure(status, json));
    Duration wait = RetryPolicy.askedWait(headers, Instant.now());
    Failure told = wait != null && failure.retryable() ? failure.retryAfter(wait) : failure;
    return retryOrFail(status, ApiErrors.isSpendLimit(json), headers, told);
  }

  private Behavior<Command> onBodyOpened(BodyOpened it) {
    it.next().tell(ResponseBody.Next.NEXT);
    return this;
  }

  private Behavior<Command> onBytesCame(BytesCame it) {
    next = it.next();
    if (terminal != null) {
      return flush();
    }
    reader.feed(it.bytes());
    if (reader.failure() != null) {
      Failure failure = scrubbed(reader.failure());
      return retryOrFail(failure.retryable() ? 529 : 400, false, _ -> null, failure);
    }
    if (reader.transcript().complete()) {
      terminal = finished(reader.transcript());
    }
    return flush();
  }

  private void contentCame(AnswerEvent.Content content) {
    stopwatch.firstContent();
    anyContent = true;
    pending.add(content);
  }

  private Behavior<Command> onBodyEnded(BodyEnded it) {
    if (concluded && it.failure() == null) {
      giveBackConnection();
    }
    if (concluded) {
      return Behaviors.stopped();
    }
    if (terminal != null) {
      return this;
    }
    return retryOrFail(0, false, _ -> null, ConnectionFailures.cut(it.failure()));
  }

  private Behavior<Command> retryOrFail(
      int status, boolean hopeless, RetryPolicy.Headers headers, Failure failure) {
    Duration wait =
        anyContent ? null : shared.retryPolicy().next(retries, status, hopeless, headers);
    if (wait == null) {
      return fail(failure);
    }
    retries++;
    dropConnection();
    getContext().getLog().debug("Claude is asked again in {}: {}", wait, failure.code());
    attempt++;
    timers.startSingleTimer(new TryAgain(), wait);
    return this;
  }

  private Behavior<Command> fail(Failure failure) {
    dropConnection();
    terminal = new AnswerEvent.Failed(failure);
    return flush();
  }

  private AnswerReader newReader() {
    return new AnswerReader(shared.settings().limits().lineBytes(), this::contentCame);
  }

  private AnswerEvent.Finished finished(Transcript transcript) {
    ArrayNode turn = transcript.thoughtfulTurn();
    if (turn != null) {
      shared.onThoughtfulTurn().accept(turn);
    }
    return new AnswerEvent.Finished(
        transcript.finishReason(),
        transcript.usage(),
        stopwatch.timings(transcript.usage().completionTokens()),
        Cost.UNKNOWN);
  }

  /** Hands on what there is demand for, then asks for more bytes or ends. */
  private Behavior<Command> flush() {
    while (demand > 0 && !pending.isEmpty()) {
      demand--;
      start();
      emit(pending.poll());
    }
    if (!pending.isEmpty()) {
      return this;
    }
    Behavior<Command> then = terminal == null || concluded ? this : conclude(terminal);
    if (next != null) {
      next.tell(ResponseBody.Next.NEXT);
      next = null;
    }
    return then;
  }

  private Behavior<Command> conclude(AnswerEvent.Terminal end) {
    concluded = true;
    if (end instanceof AnswerEvent.Finished) {
      start();
    }
    order
        .replyTo()
        .tell(
            new Inference.Egress(
                order.attempt(), answeringModel(), sent, received.bytes(), upstreamRequestId));
    emit(end);
    if (connection == null) {
      return Behaviors.stopped();
    }
    timers.startSingleTimer(new LingeredTooLong(), LINGER);
    return this;
  }

  private void start() {
    if (!started) {
      started = true;
      emit(new AnswerEvent.Started(Provenance.claude(answeringModel(), order.reason())));
    }
  }

  private void emit(AnswerEvent event) {
    order.replyTo().tell(new Inference.Emitted(order.attempt(), event));
  }

  private String answeringModel() {
    String named = reader.transcript().model();
    return named == null ? model : named;
  }

  private Failure scrubbed(Failure failure) {
    return new Failure(
        failure.code(),
        shared.settings().scrub(failure.message()),
        failure.hint(),
        failure.retryable(),
        failure.retryAfter());
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
