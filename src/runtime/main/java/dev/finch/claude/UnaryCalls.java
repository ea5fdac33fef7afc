package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Calls whose answer is one JSON object. Not repeated; bounded in time. Thread-safe. */
final class UnaryCalls {

  private static final Duration MOST = Duration.ofSeconds(30);

  private final ActorSystem<?> system;
  private final ConnectionPool connections;
  private final ClaudeSettings settings;

  UnaryCalls(ActorSystem<?> system, ConnectionPool connections, ClaudeSettings settings) {
    this.system = system;
    this.connections = connections;
    this.settings = settings;
  }

  /** The answer of a successful call; any other outcome fails with {@link FinchException}. */
  CompletionStage<JsonNode> call(HttpRequest request) {
    return call(request, connections.take());
  }

  private CompletionStage<JsonNode> call(HttpRequest request, ClaudeConnection connection) {
    CompletableFuture<JsonNode> answer =
        connection
            .send(request)
            .thenCompose(response -> read(connection, response))
            .toCompletableFuture();
    return answer
        .orTimeout(MOST.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> afterFailure(request, connection, failure));
  }

  private CompletionStage<JsonNode> afterFailure(
      HttpRequest request, ClaudeConnection connection, Throwable failure) {
    Throwable cause = Thrown.unwrapped(failure);
    if (cause instanceof FinchException) {
      // Claude answered, and its connection is another's already.
      return CompletableFuture.failedFuture(asFailure(cause));
    }
    connection.abort();
    // A kept connection may have been closed by Claude meanwhile; a fresh one tells.
    boolean stale = connection.wasReused() && !(cause instanceof TimeoutException);
    return stale ? call(request) : CompletableFuture.failedFuture(asFailure(cause));
  }

  private CompletionStage<JsonNode> read(ClaudeConnection connection, HttpResponse response) {
    return ResponseBody.whole(response, new ResponseBody.Counter(), system)
        .thenApply(
            whole -> {
              connections.giveBack(connection);
              return json(response.status().intValue(), whole);
            });
  }

  private JsonNode json(int status, ResponseBody.Whole whole) {
    JsonNode json = ClaudeJson.parse(whole.bytes().toArray());
    if (status / 100 != 2) {
      throw new FinchException(ApiErrors.failure(status, json));
    }
    if (json == null || !json.isObject()) {
      throw new FinchException(ConnectionFailures.protocol("Claude's answer is not JSON."));
    }
    return json;
  }

  private FinchException asFailure(Throwable thrown) {
    Failure failure =
        Thrown.failure(thrown, cause -> ConnectionFailures.unreachable(cause, settings));
    return new FinchException(settings.scrub(failure));
  }
}
