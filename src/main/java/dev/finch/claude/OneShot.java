package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Calls whose answer is one JSON object. Not repeated; bounded in time. Thread-safe. */
final class OneShot {

  private static final Duration MOST = Duration.ofSeconds(30);

  private final ActorSystem<?> system;
  private final Connections connections;
  private final ClaudeSettings settings;

  OneShot(ActorSystem<?> system, Connections connections, ClaudeSettings settings) {
    this.system = system;
    this.connections = connections;
    this.settings = settings;
  }

  /** The answer of a successful call; any other outcome fails with {@link FinchException}. */
  CompletionStage<JsonNode> call(HttpRequest request) {
    Connection connection = connections.take();
    CompletableFuture<JsonNode> answer =
        connection
            .send(request)
            .thenCompose(response -> read(connection, response))
            .toCompletableFuture();
    return answer
        .orTimeout(MOST.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              connection.abort();
              throw asFailure(failure);
            });
  }

  private CompletionStage<JsonNode> read(Connection connection, HttpResponse response) {
    return ResponseBody.whole(response, new ResponseBody.Counter(), system)
        .thenApply(
            whole -> {
              connections.giveBack(connection);
              return json(response.status().intValue(), whole);
            });
  }

  private JsonNode json(int status, ResponseBody.Whole whole) {
    JsonNode json = Json.parse(whole.bytes().toArray());
    if (status / 100 != 2) {
      throw new FinchException(ApiErrors.failure(status, json));
    }
    if (json == null || !json.isObject()) {
      throw new FinchException(ConnectionFailures.protocol("Claude's answer is not JSON."));
    }
    return json;
  }

  private FinchException asFailure(@Nullable Throwable thrown) {
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof FinchException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Failure failure =
        cause instanceof FinchException finch
            ? finch.failure()
            : ConnectionFailures.unreachable(cause, settings);
    return new FinchException(
        new Failure(
            failure.code(),
            settings.scrub(failure.message()),
            failure.hint(),
            failure.retryable(),
            failure.retryAfter()));
  }
}
