package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.ModelListing;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** What Ollama's API does with models: list, describe, fetch and remove them. */
final class OllamaModels {

  /** The release of Ollama whose API this is; clients compare it with what they need. */
  private static final String API = "0.12.0";

  private static final String EPOCH = "1970-01-01T00:00:00Z";

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
            finch.models(),
            (ids, listings) -> {
              ObjectNode json = Json.object();
              ArrayNode models = json.putArray("models");
              ids.forEach(id -> models.add(model(id, cachedBytes(id, listings), details(id))));
              return Replies.json(200, json);
            });
  }

  private static long cachedBytes(String id, List<ModelListing> listings) {
    return listings.stream()
        .filter(listing -> listing.reference().toString().equals(id))
        .mapToLong(ModelListing::cachedBytes)
        .findFirst()
        .orElse(0);
  }

  private CompletionStage<HttpResponse> loaded() {
    ObjectNode json = Json.object();
    ArrayNode models = json.putArray("models");
    ModelInfo info = finch.state().ready();
    if (info != null) {
      String name = info.reference().toString();
      models.add(
          model(name, info.weightBytes() + info.kvCacheBytes(), details(info))
              .put("expires_at", "9999-12-31T23:59:59Z")
              .put("size_vram", info.device().equals("CPU") ? 0 : info.weightBytes())
              .put("context_length", info.contextLength()));
    }
    return Replies.done(json);
  }

  private CompletionStage<HttpResponse> show(Call call) {
    String name = Ollama.model(call.body());
    return names
        .meaning(name)
        .thenApply(
            _ -> {
              ModelInfo info = finch.state().ready();
              ObjectNode json =
                  Json.object().put("modelfile", "").put("parameters", "").put("template", "");
              json.set("details", info == null ? details(name) : details(info));
              ObjectNode facts = json.putObject("model_info");
              ArrayNode capabilities = json.putArray("capabilities").add("completion").add("tools");
              if (info != null) {
                facts.put("general.architecture", info.architecture());
                facts.put("general.parameter_count", info.parameters());
                facts.put(info.architecture() + ".context_length", info.contextLength());
                if (info.embeddings()) {
                  capabilities.add("embedding");
                }
              }
              return Replies.json(200, json);
            });
  }

  private CompletionStage<HttpResponse> pull(Call call) {
    String name = Ollama.model(call.body());
    Source<DownloadProgress, NotUsed> progress = finch.pull(reference(call, name));
    ObjectNode success = Json.object().put("status", "success");
    if (!call.body().flag("stream", true)) {
      return progress
          .runWith(Sink.ignore(), materializer)
          .thenApply(_ -> Replies.json(200, success));
    }
    Source<ObjectNode, NotUsed> lines =
        progress.map(step -> step(name, step)).concatLazy(Source.single(success));
    return CompletableFuture.completedFuture(
        Lines.stream(
            lines,
            failure -> Json.object().put("error", failure.describe()),
            heartbeat,
            Lines.line(Json.object().put("status", "waiting"))));
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
              .put("total", step.totalBytes())
              .put("completed", step.committedBytes());
    };
  }

  private CompletionStage<HttpResponse> delete(Call call) {
    return finch
        .remove(reference(call, Ollama.model(call.body())))
        .thenApply(_ -> HttpResponse.create());
  }

  private static ModelReference reference(Call call, String name) {
    return Permission.checked(call.rights(), ModelReference.parse(name));
  }

  private static CompletionStage<HttpResponse> version() {
    return Replies.done(Json.object().put("version", API));
  }

  private static ObjectNode model(String name, long size, ObjectNode details) {
    ObjectNode model =
        Json.object()
            .put("name", name)
            .put("model", name)
            .put("modified_at", EPOCH)
            .put("size", size)
            .put("digest", "");
    model.set("details", details);
    return model;
  }

  private static ObjectNode details(String name) {
    return details("", name, "");
  }

  private static ObjectNode details(ModelInfo info) {
    String billions = String.format(Locale.ROOT, "%.1fB", info.parameters() / 1e9);
    return details(info.architecture(), billions, info.quantization());
  }

  private static ObjectNode details(String family, String size, String quantization) {
    ObjectNode details =
        Json.object().put("parent_model", "").put("format", "gguf").put("family", family);
    details.putArray("families").add(family);
    return details.put("parameter_size", size).put("quantization_level", quantization);
  }
}
