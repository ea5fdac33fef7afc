package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.inference.GenerateRequest;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.RuntimeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The dialect of Ollama's API. */
final class Ollama implements Dialect {

  private final Finch finch;
  private final Answers answers;
  private final ModelNames names;
  private final OllamaModels models;

  Ollama(Finch finch, Answers answers, ModelNames names, OllamaModels models) {
    this.finch = finch;
    this.answers = answers;
    this.names = names;
    this.models = models;
  }

  @Override
  public List<Route> routes() {
    List<Route> routes =
        new ArrayList<>(
            List.of(
                Route.answer("/api/chat", "Answer a conversation", call -> answer(call, true)),
                Route.answer("/api/generate", "Answer a prompt", call -> answer(call, false)),
                Route.answer("/api/embed", "Turn texts into vectors", this::embed),
                Route.answer("/api/embeddings", "Turn one text into a vector", this::embedding)));
    routes.addAll(models.routes());
    return routes;
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    return failed(failure);
  }

  static ObjectNode failed(Failure failure) {
    ObjectNode error = Json.object().put("error", failure.describe());
    Overflows.tell(error, failure);
    return error;
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

  /** The model's name, in the new and in the old field. */
  static String model(Body body) {
    String name = body.has("model") ? body.requiredText("model") : body.requiredText("name");
    return name.endsWith(":latest") ? name.substring(0, name.length() - 7) : name;
  }
}
