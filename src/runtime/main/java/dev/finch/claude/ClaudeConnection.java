package dev.finch.claude;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection, which carries one request at a time. Thread-safe. */
final class ClaudeConnection {

  /** What ends a connection is its request's failure; the log would get a stack trace for each. */
  private static final Attributes QUIET =
      Attributes.createLogLevels(
          Attributes.logLevelDebug(), Attributes.logLevelDebug(), Attributes.logLevelOff());

  private final AtomicReference<@Nullable CompletableFuture<HttpResponse>> awaited =
      new AtomicReference<>();
  private final BoundedSourceQueue<HttpRequest> requests;
  private final SharedKillSwitch killSwitch = KillSwitches.shared("claude-connection");
  private final CompletionStage<OutgoingConnection> connected;
  private final AtomicInteger requestsSent = new AtomicInteger();
  private volatile @Nullable Throwable end;

  private ClaudeConnection(
      Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> flow,
      Materializer materializer,
      Consumer<ClaudeConnection> onEnd) {
    Pair<BoundedSourceQueue<HttpRequest>, CompletionStage<OutgoingConnection>> handles =
        Source.<HttpRequest>queue(1)
            .via(killSwitch.flow())
            .viaMat(flow, Keep.both())
            .via(killSwitch.flow())
            .to(responses(onEnd))
            .addAttributes(QUIET)
            .run(materializer);
    this.requests = handles.first();
    this.connected = handles.second();
  }

  /**
   * Opens a connection in the background.
   *
   * @param onEnd called once when it has ended, from either side
   */
  static ClaudeConnection open(
      Flow<HttpRequest, HttpResponse, CompletionStage<OutgoingConnection>> flow,
      Materializer materializer,
      Consumer<ClaudeConnection> onEnd) {
    return new ClaudeConnection(flow, materializer, onEnd);
  }

  /** Sends a request; fails where the connection cannot be had or ends without a response. */
  CompletionStage<HttpResponse> send(HttpRequest request) {
    CompletableFuture<HttpResponse> response = new CompletableFuture<>();
    awaited.set(response);
    requestsSent.incrementAndGet();
    boolean taken = requests.offer(request).isEnqueued();
    // Looked at last: where it ended before, nobody else fails what was taken too late.
    Throwable ended = end;
    if (ended != null) {
      fail(response, ended);
    } else if (!taken) {
      response.completeExceptionally(new IOException("the connection had ended"));
    }
    return response;
  }

  /**
   * Whether bytes may have left: it stood, or that is not known yet. It is known once {@link #send}
   * has failed.
   */
  boolean mayHaveSent() {
    return !connected.toCompletableFuture().isCompletedExceptionally();
  }

  /** Whether the request now on it is not its first. */
  boolean wasReused() {
    return requestsSent.get() > 1;
  }

  /** Ends it at once, with whatever it carries. Idempotent. */
  void abort() {
    killSwitch.abort(new IOException("the connection was aborted on this side"));
  }

  private Sink<HttpResponse, NotUsed> responses(Consumer<ClaudeConnection> onEnd) {
    return Sink.<HttpResponse>foreach(this::received)
        .mapMaterializedValue(
            end -> {
              end.whenComplete((Done _, Throwable failure) -> ended(failure, onEnd));
              return NotUsed.getInstance();
            });
  }

  private void received(HttpResponse response) {
    CompletableFuture<HttpResponse> waiting = awaited.getAndSet(null);
    if (waiting != null) {
      waiting.complete(response);
    }
  }

  private void ended(@Nullable Throwable failure, Consumer<ClaudeConnection> onEnd) {
    Throwable why =
        failure != null ? failure : new IOException("the connection was closed by Claude");
    end = why;
    onEnd.accept(this);
    CompletableFuture<HttpResponse> waiting = awaited.getAndSet(null);
    if (waiting != null) {
      fail(waiting, why);
    }
  }

  // That it stood is told beside its end, and later on a busy machine.
  private void fail(CompletableFuture<HttpResponse> response, Throwable why) {
    connected.whenComplete((_, _) -> response.completeExceptionally(why));
  }
}
