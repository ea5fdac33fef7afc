package dev.finch.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FinchException;
import dev.finch.inference.GenerateRequest;
import dev.finch.inference.Privacy;
import dev.finch.inference.Provenance;
import dev.finch.model.ModelInfo;
import dev.finch.model.ModelReference;
import dev.finch.model.ModelState;
import dev.finch.model.RuntimeState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The dialect of Ollama's API. */
final class Ollama implements Dialect {

  private final Finch finch;
  private final Answers answers;
  private final ModelNames names;
  private final OllamaModels models;
  private final OllamaEmbeddings vectors;

  Ollama(Finch finch, Answers answers, ModelNames names, OllamaModels models) {
    this.finch = finch;
    this.answers = answers;
    this.names = names;
    this.models = models;
    this.vectors = new OllamaEmbeddings(finch);
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
    ContextOverflow.tell(error, failure);
    return error;
  }

  private CompletionStage<HttpResponse> answer(Call call, boolean chat) {
    Body body = call.body();
    String model = model(body);
    boolean unload = KeepAlive.unloads(body);
    if (OllamaPrompt.isEmpty(body, chat)) {
      return preload(call, unload, chat);
    }
    GenerateRequest.Builder request =
        (chat ? OllamaPrompt.chat(body) : OllamaPrompt.generate(body)).id(call.id());
    return names
        .route(call, model, request)
        .thenCompose(
            routed -> {
              List<GenerateRequest> requests = List.of(routed.build());
              Consumer<Provenance> afterwards = unload ? who -> answered(call, who) : _ -> {};
              OllamaWriter writer = new OllamaWriter(asked(body), chat, afterwards);
              return body.flag("stream", true)
                  ? answers.stream(call, requests, writer)
                  : answers.whole(
                      call,
                      requests,
                      all -> {
                        afterwards.accept(all.getFirst().answer().provenance());
                        return Replies.json(200, writer.whole(all.getFirst()));
                      });
            });
  }

  /** Who may not unload models has had an answer, and the model stays. */
  private void answered(Call call, Provenance who) {
    if (who.provider() == Provenance.Provider.LOCAL && call.rights().admin()) {
      finch.unloadAsync();
    }
  }

  /** Clients load a model with an empty prompt, and unload it with one and a keep-alive of 0. */
  private CompletionStage<HttpResponse> preload(Call call, boolean unload, boolean chat) {
    ObjectNode done = OllamaWriter.chunk(asked(call.body()), chat, "");
    done.put("done", true).put("done_reason", unload ? "unload" : "load");
    return names
        .meaning(call, model(call.body()))
        .thenCompose(meaning -> unload ? unloaded(call) : loaded(call, meaning))
        .thenApply(_ -> Replies.json(200, done));
  }

  private CompletionStage<RuntimeState> unloaded(Call call) {
    requireAdmin(call);
    return finch.unloadAsync();
  }

  /** What serves is there already; what served comes back as it does for a prompt. */
  private CompletionStage<RuntimeState> loaded(Call call, ModelNames.Meaning meaning) {
    RuntimeState state = finch.state();
    ModelReference wanted = meaning.model();
    if (meaning.privacy() == Privacy.CLOUD_ONLY || serves(state.ready().orElse(null), wanted)) {
      return CompletableFuture.completedFuture(state);
    }
    ModelInfo idle =
        state.serving().orElse(null) instanceof ModelState.Idle(ModelInfo info) ? info : null;
    if (serves(idle, wanted)) {
      return finch.loadAsync(requireNonNull(idle).reference());
    }
    requireAdmin(call);
    return finch.loadAsync(wanted == null ? ModelReference.AUTO : wanted);
  }

  private static boolean serves(@Nullable ModelInfo info, @Nullable ModelReference wanted) {
    return info != null && (wanted == null || info.reference().equals(wanted));
  }

  private static void requireAdmin(Call call) {
    if (!call.rights().admin()) {
      throw new FinchException(ModelPermission.adminNeeded());
    }
  }

  private CompletionStage<HttpResponse> embed(Call call) {
    Body body = call.body();
    List<String> inputs = body.texts("input");
    boolean unload = KeepAlive.unloads(body);
    boolean truncate = body.flag("truncate", true);
    Integer dimensions = body.integer("dimensions");
    if (dimensions != null && dimensions < 1) {
      throw body.wrong("dimensions", "1 or more");
    }
    return names
        .embedding(call, model(body), inputs)
        .thenCompose(request -> vectors.embed(request, truncate))
        .thenApply(made -> OllamaEmbeddings.withDimensions(made, body))
        .thenApply(
            embeddings -> {
              ObjectNode json = Json.object().put("model", embeddings.model());
              ArrayNode all = json.putArray("embeddings");
              embeddings.vectors().forEach(v -> all.add(OpenAiEmbeddings.numbers(v)));
              json.put("total_duration", call.elapsed().toNanos()).put("load_duration", 0);
              return Replies.json(200, json.put("prompt_eval_count", embeddings.promptTokens()));
            })
        .whenComplete((_, failure) -> embedded(call, unload && failure == null));
  }

  private CompletionStage<HttpResponse> embedding(Call call) {
    List<String> input = List.of(call.body().requiredText("prompt"));
    boolean unload = KeepAlive.unloads(call.body());
    boolean truncate = call.body().flag("truncate", true);
    return names
        .embedding(call, model(call.body()), input)
        .thenCompose(request -> vectors.embed(request, truncate))
        .thenApply(
            embeddings -> {
              ObjectNode json = Json.object();
              json.set("embedding", OpenAiEmbeddings.numbers(embeddings.vectors().getFirst()));
              return Replies.json(200, json);
            })
        .whenComplete((_, failure) -> embedded(call, unload && failure == null));
  }

  private void embedded(Call call, boolean unload) {
    if (unload && call.rights().admin()) {
      finch.unloadAsync();
    }
  }

  /** The model's name as it was written, in the new or in the old field. */
  static String asked(Body body) {
    return body.has("model") ? body.requiredText("model") : body.requiredText("name");
  }

  /** The model's name without a tag that says nothing. */
  static String model(Body body) {
    return ModelReference.withoutLatest(asked(body));
  }
}
