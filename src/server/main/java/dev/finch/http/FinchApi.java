package dev.finch.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import dev.finch.inference.EmbedRequest;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Tool;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import dev.finch.streams.FinchSources;
import dev.finch.wire.FinchJson;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Finch's own operations: all of the {@link Finch} interface, for the page and for remote use. */
final class FinchApi implements Dialect {

  private final Finch finch;
  private final ModelPermission permission;
  private final Answers answers;
  private final RecentRequests recent;
  private final Duration heartbeat;

  FinchApi(Finch finch, Answers answers, RecentRequests recent, Duration heartbeat) {
    this.finch = finch;
    this.permission = new ModelPermission(finch);
    this.answers = answers;
    this.recent = recent;
    this.heartbeat = heartbeat;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.guarded("GET", "/v1/finch/status", "Facts about the runtime", _ -> status()),
        Route.guarded("GET", "/v1/finch/events", "Every change of state, as events", _ -> events()),
        Route.guarded("GET", "/v1/finch/models", "The catalogue and the cache", _ -> models()),
        Route.guarded("GET", "/v1/finch/fit", "What this machine offers", _ -> fit()),
        Route.guarded(
            "GET", "/v1/finch/cached/{model+}", "Whether a model is cached", this::cached),
        Route.admin(
            "POST", "/v1/finch/model", "Load, unload, swap, pull or remove a model", this::model),
        Route.answer("/v1/finch/generate", "Answer as raw events, one a line", this::generate),
        Route.answer("/v1/finch/embed", "Turn texts into vectors", this::embed),
        Route.guarded("POST", "/v1/finch/count", "Count a prompt's tokens", this::count),
        Route.guarded("GET", "/v1/finch/ledger", "What went to the cloud", this::ledger),
        Route.guarded("GET", "/v1/finch/requests/{id}", "What became of a request", this::request));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    ObjectNode body = Json.object();
    body.set("failure", FinchJson.tree(failure));
    return body.put("requestId", requestId);
  }

  private CompletionStage<HttpResponse> status() {
    return finch
        .statusAsync()
        .thenApply(
            status -> {
              ObjectNode json = (ObjectNode) FinchJson.tree(status);
              json.put("message", status.state().describe());
              return Replies.json(200, json);
            });
  }

  private CompletionStage<HttpResponse> events() {
    Source<ByteString, NotUsed> frames =
        FinchSources.states(finch)
            .map(FinchApi::stateFrame)
            .keepAlive(heartbeat, () -> Sse.KEEP_ALIVE)
            .map(ByteString::fromString);
    return CompletableFuture.completedFuture(Replies.stream(Replies.EVENT_STREAM, frames));
  }

  private static String stateFrame(RuntimeState state) {
    ObjectNode json = (ObjectNode) FinchJson.tree(state);
    return Sse.event("state", json.put("message", state.describe()));
  }

  private CompletionStage<HttpResponse> models() {
    return finch
        .modelsAsync()
        .thenApply(
            models -> {
              ObjectNode json = Json.object();
              json.set("models", FinchJson.tree(models));
              return Replies.json(200, json);
            });
  }

  private CompletionStage<HttpResponse> fit() {
    return finch.fitAsync().thenApply(report -> Replies.json(200, FinchJson.tree(report)));
  }

  private CompletionStage<HttpResponse> cached(Call call) {
    return finch
        .isCachedAsync(
            ModelPermission.checked(call.rights(), ModelReference.parse(call.pathValue())))
        .thenApply(cached -> Replies.json(200, Json.object().put("cached", cached)));
  }

  private CompletionStage<HttpResponse> model(Call call) {
    String action = call.body().requiredText("action");
    Source<ObjectNode, ?> lines =
        switch (action) {
          case "load", "swap" -> state(finch.loadAsync(reference(call)));
          case "unload" -> state(finch.unloadAsync());
          case "pull" ->
              FinchSources.pull(finch, reference(call))
                  .map(step -> done("progress", FinchJson.tree(step)));
          case "remove" ->
              Source.completionStage(finch.removeAsync(reference(call)))
                  .map(bytes -> Json.object().put("removedBytes", bytes));
          default -> throw call.body().wrong("action", "load, unload, swap, pull or remove");
        };
    return CompletableFuture.completedFuture(
        NdjsonStream.report(lines, FinchApi::failed, heartbeat, "\n"));
  }

  private static Source<ObjectNode, NotUsed> state(CompletionStage<RuntimeState> stage) {
    return Source.completionStage(stage).map(state -> done("state", FinchJson.tree(state)));
  }

  private static ObjectNode done(String field, JsonNode value) {
    ObjectNode line = Json.object();
    line.set(field, value);
    return line;
  }

  private static ObjectNode failed(Failure failure) {
    return done("failure", FinchJson.tree(failure));
  }

  private static ModelReference reference(Call call) {
    return ModelPermission.checked(
        call.rights(), ModelReference.parse(call.body().requiredText("model")));
  }

  private CompletionStage<HttpResponse> generate(Call call) {
    GenerateRequest request = read(call);
    return permission
        .toAsk(call.rights(), request.model())
        .thenApply(
            _ ->
                NdjsonStream.answer(
                    answers.events(call, request).map(event -> (ObjectNode) FinchJson.tree(event)),
                    FinchApi::failed,
                    heartbeat,
                    "\n"));
  }

  private CompletionStage<HttpResponse> count(Call call) {
    GenerateRequest request = read(call);
    return permission
        .toAsk(call.rights(), request.model())
        .thenCompose(_ -> finch.countTokensAsync(request))
        .thenApply(tokens -> Replies.json(200, Json.object().put("tokens", tokens)));
  }

  /** The id is the server's: what a client sends could name another's request. */
  private static GenerateRequest read(Call call) {
    try {
      GenerateRequest request = FinchJson.request(call.body().node());
      request.tools().forEach(FinchApi::checked);
      return FinchHeaders.kept(call, request).id(call.id()).build();
    } catch (IllegalArgumentException e) {
      throw Refusals.badRequest(Failure.sentence(String.valueOf(e.getMessage())));
    }
  }

  private static void checked(Tool tool) {
    if (!OpenAiPrompt.isToolName(tool.name())) {
      throw Refusals.badRequest(
          "tools: the name "
              + Replies.ascii(ModelReference.shown(tool.name()))
              + " (expected: "
              + OpenAiPrompt.TOOL_NAMES
              + ").");
    }
  }

  private CompletionStage<HttpResponse> embed(Call call) {
    String named = call.body().text("model");
    ModelReference model = named == null ? null : ModelReference.parse(named);
    EmbedRequest request = EmbedRequest.builder(call.body().texts("inputs")).model(model).build();
    return permission
        .toAsk(call.rights(), model)
        .thenCompose(_ -> finch.embedAsync(request))
        .thenApply(embeddings -> Replies.json(200, FinchJson.tree(embeddings)));
  }

  private CompletionStage<HttpResponse> ledger(Call call) {
    if (!call.rights().admin()) {
      throw new FinchException(ModelPermission.ledgerIsAdmins());
    }
    return finch.ledgerAsync().thenApply(ledger -> Replies.json(200, FinchJson.tree(ledger)));
  }

  private CompletionStage<HttpResponse> request(Call call) {
    ObjectNode fate =
        recent.describe(call.pathValue(), call.rights().admin() ? null : call.caller());
    if (fate == null) {
      Refusals.Refusal unknown =
          Refusals.permanent(
              404,
              "There is no request '" + Replies.ascii(call.pathValue()) + "' any more.",
              "The latest thousand are kept.");
      return CompletableFuture.completedFuture(Replies.error(this, unknown, call.id()));
    }
    return Replies.done(fate);
  }
}
