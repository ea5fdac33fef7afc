package dev.finch.claude;

import dev.finch.inference.TokenUsage;
import dev.finch.provider.Inference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to Claude, and the response to it: takes a connection, counts what goes
 * over it, and gives it back or ends it. Not thread-safe.
 */
final class HttpCall {

  private final ApiRequest apiRequest;
  private final ConnectionPool connections;
  private final ActorSystem<?> system;
  private final ClaudeConnection connection;
  private final ResponseReader reader;
  private final ResponseBody.Counter received = new ResponseBody.Counter();
  private @Nullable CompletableFuture<Done> next;
  private @Nullable String upstreamRequestId;
  private boolean responded;
  private boolean turnedAway;
  private boolean released;

  HttpCall(
      ApiRequest apiRequest,
      ResponseReader reader,
      ConnectionPool connections,
      ActorSystem<?> system) {
    this.apiRequest = apiRequest;
    this.reader = reader;
    this.connections = connections;
    this.system = system;
    this.connection = connections.take();
  }

  /** Sends; fails where no response comes. */
  CompletionStage<HttpResponse> begin(RequestBuilder calls) {
    return connection.send(calls.messages(apiRequest));
  }

  /** A response came. */
  void responded(HttpResponse response) {
    responded = true;
    turnedAway = !response.status().isSuccess() || !ResponseBody.isEventStream(response);
    upstreamRequestId = RequestBuilder.headersOf(response).apply("request-id");
  }

  boolean hasResponse() {
    return responded;
  }

  /** The body of a refusal; incomplete where it could not be read. */
  CompletionStage<ResponseBody.Whole> refusal(HttpResponse response) {
    return ResponseBody.refusal(response, received, system);
  }

  /**
   * Reads the body of an answer at the reader's pace; completes at its end.
   *
   * @param came gets each piece, and what to give to {@link #take} with it
   */
  CompletionStage<Done> answer(
      HttpResponse response, BiConsumer<ByteString, CompletableFuture<Done>> came) {
    return ResponseBody.relay(response, received, system, came::accept);
  }

  /** Takes in a piece of the answer. */
  void take(ByteString bytes, CompletableFuture<Done> wanted) {
    next = wanted;
    reader.feed(bytes);
  }

  /** The next piece is wanted. */
  void wantMore() {
    if (next != null) {
      next.complete(Done.getInstance());
      next = null;
    }
  }

  ResponseReader reader() {
    return reader;
  }

  /**
   * No response came. True where that is because Claude had closed a connection that was kept from
   * before: then the request was never taken up.
   */
  boolean wasNotTakenUp() {
    turnedAway = connection.wasReused();
    return turnedAway;
  }

  /** Whether its connection is still held. */
  boolean holdsConnection() {
    return !released;
  }

  /** The response was read to its end: the connection serves again. */
  void release() {
    if (!released) {
      released = true;
      connections.giveBack(connection);
    }
  }

  /** Ends the connection at once. */
  void drop() {
    next = null;
    if (!released) {
      released = true;
      connection.abort();
    }
  }

  /** What has come and was not read counts as if it were like what was. */
  private TokenUsage estimate() {
    double read = Math.max(1, reader.bytesRead());
    return reader.transcript().estimate(Math.max(1, received.bytes() / read));
  }

  /** What a complete answer took. */
  TokenUsage settled() {
    return reader.transcript().settled(apiRequest);
  }

  /** Whether that is an estimate, because what Claude told cannot be true. */
  boolean isEstimated() {
    return !reader.transcript().countsTruly(apiRequest);
  }

  /** What it came to, as far as it is known. */
  Inference.Egress egress(String attempt) {
    Transcript transcript = reader.transcript();
    boolean left = responded || connection.mayHaveSent();
    boolean failedBeforeItBegan = reader.failure() != null && !transcript.begun();
    return new Inference.Egress(
        attempt,
        transcript.model() == null ? apiRequest.model() : transcript.model(),
        left ? apiRequest.body().size() : 0,
        received.bytes(),
        !transcript.begun()
            ? null
            : transcript.complete() ? transcript.settled(apiRequest) : estimate(),
        !left || turnedAway || failedBeforeItBegan,
        upstreamRequestId);
  }
}
