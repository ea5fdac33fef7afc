package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.inference.Privacy;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.streams.FinchSources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** What Ollama's API does with models: list, describe, fetch and remove them. */
final class OllamaModels {

  /**
   * The release of Ollama whose API this is; clients compare it with what they need. Codex wants
   * 0.13.4, for /v1/responses (openai/codex, codex-rs/ollama/src/lib.rs).
   */
  private static final String API = "0.13.5";

  private final Finch finch;
  private final ModelNames names;
  private final Materializer materializer;
  private final Duration heartbeat;

  OllamaModels(Finch finch, ModelNames names, Materializer materializer, Duration heartbeat) {
    this.finch = finch;
    this.names = names;
    this.materializer = materializer;
    this.heartbeat = heartbeat;
  }

  List<Route> routes() {
    return List.of(
        Route.guarded("GET", "/api/tags", "List the models on this machine", _ -> tags()),
        Route.guarded("POST", "/api/show", "Describe a model", this::show),
        Route.guarded("GET", "/api/ps", "List the loaded models", _ -> loaded()),
        Route.admin("POST", "/api/pull", "Fetch a model", this::pull),
        Route.admin("DELETE", "/api/delete", "Remove a model", this::delete),
        Route.guarded("GET", "/api/version", "The API's version", _ -> version()));
  }

  private CompletionStage<HttpResponse> tags() {
    return names
        .offered()
        .thenCombine(
            finch.modelsAsync(),
            (ids, listings) -> {
              ObjectNode json = Json.object();
              ArrayNode models = json.putArray("models");
              ids.forEach(id -> models.add(OllamaModel.of(id, finch.state(), listings).entry()));
              return Replies.json(200, json);
            });
  }

  private CompletionStage<HttpResponse> loaded() {
    ObjectNode json = Json.object();
    ArrayNode models = json.putArray("models");
    ModelInfo info = finch.state().ready().orElse(null);
    if (info == null) {
      return Replies.done(json);
    }
    return finch
        .modelsAsync()
        .thenApply(
            listings -> {
              String id = info.reference().toString();
              models.add(
                  OllamaModel.of(id, finch.state(), listings)
                      .entry()
                      .put("size", info.weightBytes() + info.kvCacheBytes())
                      .put("expires_at", "9999-12-31T23:59:59Z")
                      .put("size_vram", info.device().equals("CPU") ? 0 : info.weightBytes())
                      .put("context_length", info.contextLength()));
              return Replies.json(200, json);
            });
  }

  private CompletionStage<HttpResponse> show(Call call) {
    String name = Ollama.model(call.body());
    return names
        .known(call, name)
        .thenCompose(
            meaning ->
                id(meaning, name)
                    .thenCombine(
                        finch.modelsAsync(),
                        (id, listings) -> OllamaModel.of(id, finch.state(), listings))
                    .thenCombine(
                        header(meaning),
                        (model, header) -> Replies.json(200, model.shown(header))));
  }

  /** Of the model that answers to the name; the legs are what serves. */
  private CompletionStage<Map<String, Object>> header(ModelNames.Meaning meaning) {
    ModelInfo serving = finch.state().ready().orElse(null);
    ModelReference model =
        meaning.model() == null && serving != null ? serving.reference() : meaning.model();
    return model == null || meaning.privacy() == Privacy.CLOUD_ONLY
        ? CompletableFuture.completedFuture(Map.of())
        : finch.headerAsync(model).thenApply(header -> known(model, header));
  }

  /** A model of the catalogue need not be here; a file that is no model has nothing to show. */
  private static Map<String, Object> known(
      ModelReference model, Optional<Map<String, Object>> header) {
    if (header.isEmpty() && model instanceof ModelReference.LocalFile) {
      throw new FinchException(
          Failure.permanent(
              FailureCode.MODEL_FILE_INVALID,
              model + " is no GGUF file that can be read.",
              "Name a file whose name ends with .gguf."));
    }
    return header.orElse(Map.of());
  }

  private CompletionStage<String> id(ModelNames.Meaning meaning, String name) {
    ModelReference model = meaning.model();
    return model == null
        ? CompletableFuture.completedFuture(name)
        : finch.listedAsAsync(model).thenApply(ModelReference::toString);
  }

  private CompletionStage<HttpResponse> pull(Call call) {
    String name = Ollama.model(call.body());
    Source<DownloadProgress, NotUsed> progress = FinchSources.pull(finch, reference(call, name));
    ObjectNode success = Json.object().put("status", "success");
    if (!call.body().flag("stream", true)) {
      return progress
          .runWith(Sink.ignore(), materializer)
          .thenApply(_ -> Replies.json(200, success));
    }
    Source<ObjectNode, NotUsed> lines =
        progress.map(step -> step(name, step)).concatLazy(Source.single(success));
    return CompletableFuture.completedFuture(
        NdjsonStream.report(
            lines,
            failure -> Json.object().put("error", failure.describe()),
            heartbeat,
            NdjsonStream.line(Json.object().put("status", "waiting"))));
  }

  private static ObjectNode step(String name, DownloadProgress step) {
    return switch (step.phase()) {
      case RESOLVING -> Json.object().put("status", "pulling manifest");
      case WAITING_FOR_LOCK -> Json.object().put("status", "waiting for another download");
      case VERIFYING -> Json.object().put("status", "verifying sha256 digest");
      case DONE -> Json.object().put("status", "writing manifest");
      case DOWNLOADING ->
          Json.object()
              .put("status", "downloading " + name)
              .put("digest", name)
              .put("total", step.totalBytes().orElse(-1))
              .put("completed", step.committedBytes());
    };
  }

  private CompletionStage<HttpResponse> delete(Call call) {
    return finch
        .removeAsync(reference(call, Ollama.model(call.body())))
        .thenApply(_ -> HttpResponse.create());
  }

  private static ModelReference reference(Call call, String name) {
    return ModelPermission.checked(call.rights(), ModelReference.parse(name));
  }

  private static CompletionStage<HttpResponse> version() {
    return Replies.done(Json.object().put("version", API));
  }
}
