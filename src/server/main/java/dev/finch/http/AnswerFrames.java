package dev.finch.http;

import static java.util.Objects.requireNonNull;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.AnswerEvent;
import dev.finch.inference.Provenance;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one streamed answer into frames: keeps the silence alive, sends what has come
 * meanwhile in one piece where the client is slower than the model, and fails after an error frame,
 * which cuts the connection, because a clean end after one is read as success by popular clients.
 *
 * <p>One stage instead of a chain of small ones, since an answer over HTTP is made for every
 * request and touched for every token.
 */
final class AnswerFrames
    extends AbstractGraphStageWithMaterializedValue<
        FlowShape<Answers.Choice, ByteString>, AnswerFrames.Running> {

  /** Time for an error frame to leave before the reset that would discard it. */
  private static final Duration LINGER = Duration.ofMillis(200);

  /** Text that may wait for a slow client before the model is slowed down. */
  private static final int MOST_WAITING = 16 << 10;

  private static final Failure LOST =
      Failure.passing(
          FailureCode.PROVIDER_LOST,
          "The answer ended without saying that it was complete.",
          "Ask again.");

  /** The outside of an answer that is being made. Thread-safe. */
  interface Running {

    /** Who answers, at the first content; fails where the answer does before any. */
    CompletableFuture<Optional<Provenance>> head();

    /** Completes with the last frame, however it ended. */
    CompletableFuture<Void> ended();

    /** The client is gone: ends the work. */
    void leave();

    /** The client may be gone: says something soon, so that it shows. */
    void probe();
  }

  private final Inlet<Answers.Choice> in = Inlet.create("events");
  private final Outlet<ByteString> out = Outlet.create("frames");
  private final FlowShape<Answers.Choice, ByteString> shape = FlowShape.of(in, out);
  private final AnswerWriter writer;
  private final int count;
  private final Duration heartbeat;

  /**
   * @param count answers that must finish before the stream has
   * @param heartbeat the longest silence
   */
  AnswerFrames(AnswerWriter writer, int count, Duration heartbeat) {
    this.writer = writer;
    this.count = count;
    this.heartbeat = heartbeat;
  }

  @Override
  public FlowShape<Answers.Choice, ByteString> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, Running> createLogicAndMaterializedValuePair(Attributes inherited) {
    Logic logic = new Logic();
    return Pair.create(logic, logic);
  }

  private enum Timer {
    HEARTBEAT,
    CUT
  }

  private final class Logic extends TimerGraphStageLogic implements Running {

    private final CompletableFuture<Optional<Provenance>> head = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AsyncCallback<Logic> gone = createAsyncCallback(Logic::cutOff);
    private final AsyncCallback<Logic> probed = createAsyncCallback(Logic::keepAlive);
    private final StringBuilder waiting = new StringBuilder();

    private int open = count;
    private @Nullable Provenance who;
    private boolean broken;
    private long latestNanos = System.nanoTime();

    Logic() {
      super(shape);
      setHandler(in, new Events());
      setHandler(out, new Demand());
    }

    @Override
    public CompletableFuture<Optional<Provenance>> head() {
      return head;
    }

    @Override
    public CompletableFuture<Void> ended() {
      return ended;
    }

    @Override
    public void leave() {
      gone.invoke(this);
    }

    @Override
    public void probe() {
      probed.invoke(this);
    }

    @Override
    public void preStart() {
      pull(in);
      scheduleOnce(Timer.HEARTBEAT, heartbeat);
    }

    @Override
    public void postStop() {
      head.complete(Optional.empty());
      ended.complete(null);
    }

    @Override
    public void onTimer(Object timer) {
      if (timer == Timer.CUT) {
        failStage(new AnswerBrokenException());
        return;
      }
      Duration silent = Duration.ofNanos(System.nanoTime() - latestNanos);
      if (silent.compareTo(heartbeat) >= 0) {
        keepAlive();
      }
      Duration rest = heartbeat.minus(Duration.ofNanos(System.nanoTime() - latestNanos));
      scheduleOnce(Timer.HEARTBEAT, rest.isPositive() ? rest : heartbeat);
    }

    private void keepAlive() {
      if (isAvailable(out) && !broken) {
        waiting.append(writer.keepAlive());
        send();
      }
    }

    /** Never an orderly end, which would say that this was the whole answer. */
    private void cutOff() {
      failStage(new AnswerBrokenException());
    }

    private void take(Answers.Choice choice) {
      switch (choice.event()) {
        case AnswerEvent.Queued _ -> {}
        case AnswerEvent.Failed failed -> breakOff(failed.failure());
        case AnswerEvent.Started started -> {
          who = started.provenance();
          head.complete(Optional.of(who));
          waiting.append(writer.event(choice.index(), started));
        }
        case AnswerEvent.Finished finished -> {
          waiting.append(writer.event(choice.index(), finished));
          open--;
          if (open == 0) {
            waiting.append(writer.end(requireNonNull(who)));
          }
        }
        default -> waiting.append(writer.event(choice.index(), choice.event()));
      }
    }

    /** Gives the head its failure while it has not left, and else the body its error frame. */
    private void breakOff(Failure failure) {
      if (head.completeExceptionally(new FinchException(failure))) {
        completeStage();
      } else {
        broken = true;
        waiting.append(writer.broken(failure));
      }
    }

    /** Sends what waits where it is wanted, then ends, or asks for more where there is room. */
    private void proceed() {
      if (isClosed(out)) {
        return;
      }
      if (isAvailable(out) && !waiting.isEmpty()) {
        send();
      }
      if (waiting.isEmpty() && open == 0) {
        completeStage();
      } else if (broken) {
        cut();
      } else if (!isClosed(in) && !hasBeenPulled(in) && waiting.length() < MOST_WAITING) {
        pull(in);
      }
    }

    private void send() {
      push(out, ByteString.fromString(waiting.toString()));
      waiting.setLength(0);
      latestNanos = System.nanoTime();
    }

    private void cut() {
      if (!isClosed(in)) {
        cancel(in);
      }
      if (waiting.isEmpty() && !isTimerActive(Timer.CUT)) {
        scheduleOnce(Timer.CUT, LINGER);
      }
    }

    private final class Events extends AbstractInHandler {
      @Override
      public void onPush() {
        take(grab(in));
        proceed();
      }

      @Override
      public void onUpstreamFinish() {
        if (open > 0 && !broken) {
          breakOff(LOST);
        }
        proceed();
      }

      @Override
      public void onUpstreamFailure(Throwable thrown) {
        breakOff(Refusals.failureOf(thrown));
        proceed();
      }
    }

    private final class Demand extends AbstractOutHandler {
      @Override
      public void onPull() {
        proceed();
      }
    }
  }
}
