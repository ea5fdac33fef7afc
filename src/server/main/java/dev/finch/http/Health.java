package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.RuntimeStatus;
import dev.finch.failure.Failure;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** Whether the process lives, and whether it can answer and by which leg. */
final class Health implements Dialect {

  private final Finch finch;
  private final Admission admission;

  Health(Finch finch, Admission admission) {
    this.finch = finch;
    this.admission = admission;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.open("GET", "/health/live", "Whether the process lives", _ -> live()),
        Route.open(
            "GET", "/health/ready", "Whether it can answer, and by which leg", _ -> ready()));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("status", "error").put("message", failure.describe());
  }

  private static CompletionStage<HttpResponse> live() {
    return CompletableFuture.completedFuture(
        Replies.json(200, Json.object().put("status", "live")));
  }

  private CompletionStage<HttpResponse> ready() {
    return finch.statusAsync().thenApply(this::ready);
  }

  /** No more than a word: the route needs no key, and names and failures can tell paths. */
  private static String phase(RuntimeState state) {
    if (state.ready().isPresent()) {
      return "ready";
    }
    return switch (state.preparing().or(state::serving).orElse(null)) {
      case null -> "none";
      case ModelState.Selecting _ -> "selecting";
      case ModelState.Downloading _ -> "downloading";
      case ModelState.Loading _ -> "loading";
      case ModelState.Ready _ -> "ready";
      case ModelState.Draining _ -> "draining";
      case ModelState.Idle _ -> "idle";
      case ModelState.Failed _ -> "failed";
      case ModelState.NotAvailable _ -> "none";
    };
  }

  private HttpResponse ready(RuntimeStatus status) {
    boolean local = status.state().ready().isPresent();
    boolean draining = admission.draining();
    boolean ready = !draining && (local || status.cloud());
    ObjectNode body =
        Json.object().put("status", ready ? "ready" : draining ? "draining" : "waiting");
    body.putObject("legs").put("local", local).put("claude", status.cloud());
    body.put("local", phase(status.state()))
        .put("claude", status.cloud() ? "ready" : "unavailable");
    return Replies.json(ready ? 200 : 503, body);
  }
}
