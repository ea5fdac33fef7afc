package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.failure.Failure;
import dev.finch.inference.AnswerEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Stands in where a host has no Micrometer: counts nothing, and says so. */
final class NoMetrics implements Metrics {

  private static final int NOT_IMPLEMENTED = 501;

  private static final Watch BLIND =
      new Watch() {
        @Override
        public void seen(AnswerEvent event) {}

        @Override
        public void ended() {}
      };

  @Override
  public List<Route> routes() {
    return List.of(
        Route.guarded(
            "GET",
            "/metrics",
            "Counts in Prometheus' text format",
            _ -> CompletableFuture.completedFuture(missing())));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("message", failure.describe());
  }

  @Override
  public Watch begun() {
    return BLIND;
  }

  private static HttpResponse missing() {
    return Replies.json(
        NOT_IMPLEMENTED,
        Json.object()
            .put(
                "message",
                "Nothing is counted here: Micrometer's Prometheus registry is not on this server's"
                    + " class path. Add io.micrometer:micrometer-registry-prometheus to it."));
  }
}
