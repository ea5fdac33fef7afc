package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.ModelListing;
import dev.finch.failure.Failure;
import dev.finch.inference.GenerateRequest;
import dev.finch.model.DownloadProgress;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** The dialect of Ollama's API. */
final class Ollama implements Dialect {

  /** The release of Ollama whose API this is; clients compare it with what they need. */
  private static final String API = "0.12.0";

  private static final String EPOCH = "1970-01-01T00:00:00Z";

  private final Finch finch;
  private final Answers answers;
  private final ModelNames names;
  private final Materializer materializer;
  private final Duration heartbeat;

  Ollama(
      Finch finch,
      Answers answers,
      ModelNames names,
      Materializer materializer,
      Duration heartbeat) {
    this.finch = finch;
    this.answers = answers;
    this.names = names;
    this.materializer = materializer;
    this.heartbeat = heartbeat;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.answer("/api/chat", "Answer a conversation", call -> answer(call, true)),
        Route.answer("/api/generate", "Answer a prompt", call -> answer(call, false)),
        Route.answer("/api/embed", "Turn texts into vectors", this::embed),
        Route.answer("/api/embeddings", "Turn one text into a vector", this::embedding),
        Route.guarded("GET", "/api/tags", "List the models on this machine", _ -> tags()),
        Route.guarded("POST", "/api/show", "Describe a model", this::show),
        Route.guarded("GET", "/api/ps", "List the loaded models", _ -> loaded()),
        Route.guarded("POST", "/api/pull", "Fetch a model", this::pull),
        Route.guarded("DELETE", "/api/delete", "Remove a model", this::delete),
        Route.guarded("GET", "/api/version", "The API's version", _ -> version()));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return Json.object().put("error", failure.describe());
  }

  private CompletionStage<HttpResponse> answer(Call call, boolean chat) {
    Body body = call.body();
    String model = model(body);
    if (OllamaPrompt.isEmpty(body, chat)) {
      return preload(body, model, chat);
    }
    GenerateRequest.Builder request =
        (chat ? OllamaPrompt.chat(body) : OllamaPrompt.generate(body)).id(call.id());
    return names
        .route(call, model, request)
        .thenCompose(
            routed -> {
              List<GenerateRequest> requests = List.of(routed.build());
              OllamaWriter writer = new OllamaWriter(model, chat);
              return body.flag("stream", true)
                  ? answers.stream(call, requests, writer)
                  : answers.whole(
                      call,
                      requests,
                      all -> Replies.json(200, writer.whole(all.getFirst().answer())));
            });
  }

  /** Clients load a model with an empty prompt, and unload it with one and a keep-alive of 0. */
  private CompletionStage<HttpResponse> preload(Body body, String model, boolean chat) {
    boolean unload = body.has("keep_alive") && "0".equals(String.valueOf(body.raw("keep_alive")));
    ObjectNode done = OllamaWriter.chunk(model, chat, "");
    done.put("done", true).put("done_reason", unload ? "unload" : "load");
    return names
        .meaning(model)
        .thenCompose(meaning -> unload ? finch.unload() : loaded(meaning.model()))
        .thenApply(_ -> Replies.json(200, done));
  }

  private CompletionStage<RuntimeState> loaded(@Nullable ModelReference reference) {
    ModelInfo serving = finch.state().ready();
    if (reference == null || (serving != null && serving.reference().equals(reference))) {
      return CompletableFuture.completedFuture(finch.state());
    }
    return finch.load(reference);
  }

  private CompletionStage<HttpResponse> embed(Call call) {
    Body body = call.body();
    List<String> inputs = body.texts("input");
    return names
        .meaning(model(body))
        .thenCompose(_ -> finch.embed(inputs))
        .thenApply(
            embeddings -> {
              ObjectNode json = Json.object().put("model", embeddings.model());
              ArrayNode vectors = json.putArray("embeddings");
              embeddings.vectors().forEach(v -> vectors.add(OpenAiEmbeddings.numbers(v)));
              json.put("total_duration", call.elapsed().toNanos()).put("load_duration", 0);
              return Replies.json(200, json.put("prompt_eval_count", embeddings.promptTokens()));
            });
  }

  private CompletionStage<HttpResponse> embedding(Call call) {
    List<String> input = List.of(call.body().requiredText("prompt"));
    return names
        .meaning(model(call.body()))
        .thenCompose(_ -> finch.embed(input))
        .thenApply(
            embeddings -> {
              ObjectNode json = Json.object();
              json.set("embedding", OpenAiEmbeddings.numbers(embeddings.vectors().getFirst()));
              return Replies.json(200, json);
            });
  }

  private CompletionStage<HttpResponse> tags() {
    return finch
        .models()
        .thenApply(
            listings -> {
              ObjectNode json = Json.object();
              ArrayNode models = json.putArray("models");
              for (ModelListing listing : listings) {
                if (listing.cached() || listing.loaded()) {
                  String name = listing.reference().toString();
                  models.add(model(name, listing.cachedBytes(), details(name)));
                }
              }
              return Replies.json(200, json);
            });
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
    String name = model(call.body());
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
    String name = model(call.body());
    Source<DownloadProgress, NotUsed> progress = finch.pull(ModelReference.parse(name));
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
        .remove(ModelReference.parse(model(call.body())))
        .thenApply(_ -> HttpResponse.create());
  }

  private static CompletionStage<HttpResponse> version() {
    return Replies.done(Json.object().put("version", API));
  }

  private static String model(Body body) {
    String name = body.has("model") ? body.requiredText("model") : body.requiredText("name");
    return name.endsWith(":latest") ? name.substring(0, name.length() - 7) : name;
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
    String billions = String.format(java.util.Locale.ROOT, "%.1fB", info.parameters() / 1e9);
    return details(info.architecture(), billions, info.quantization());
  }

  private static ObjectNode details(String family, String size, String quantization) {
    ObjectNode details =
        Json.object().put("parent_model", "").put("format", "gguf").put("family", family);
    details.putArray("families").add(family);
    return details.put("parameter_size", size).put("quantization_level", quantization);
  }
}
