package dev.finch.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.GenerateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The dialect of OpenAI's API: chat completions, completions, responses, embeddings, models. */
final class OpenAi implements Dialect {

  private final Finch finch;
  private final Answers answers;
  private final ModelNames names;
  private final Dialect anthropic;

  /**
   * @param anthropic the dialect of those who ask for models with {@code anthropic-version}
   */
  OpenAi(Finch finch, Answers answers, ModelNames names, Dialect anthropic) {
    this.finch = finch;
    this.answers = answers;
    this.names = names;
    this.anthropic = anthropic;
  }

  @Override
  public Dialect spokenIn(HttpRequest request) {
    return AccessPolicy.header(request, "anthropic-version") == null ? this : anthropic;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.answer("/v1/chat/completions", "Answer a conversation", this::chat),
        Route.answer("/v1/completions", "Continue a text", this::completions),
        Route.answer("/v1/responses", "Answer a conversation", this::responses),
        Route.answer("/v1/embeddings", "Turn texts into vectors", this::embeddings),
        Route.guarded("GET", "/v1/models", "List the models", this::models),
        Route.guarded("GET", "/v1/models/{id+}", "Describe a model", this::model));
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    ObjectNode body = Json.object();
    ObjectNode error = body.putObject("error");
    error.put("message", failure.describe()).put("type", type(status)).putNull("param");
    error.put("code", code(failure.code(), status));
    ContextOverflow.tell(error, failure);
    return body;
  }

  /** The failure's name in this dialect. */
  static @Nullable String code(FailureCode code, int status) {
    return switch (code) {
      case UNKNOWN_MODEL -> "model_not_found";
      case CONTEXT_OVERFLOW -> "context_length_exceeded";
      case BAD_REQUEST -> status == 401 ? "invalid_api_key" : null;
      default -> code.name().toLowerCase(Locale.ROOT);
    };
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }

  private CompletionStage<HttpResponse> chat(Call call) {
    Body body = call.body();
    OpenAiChat.Shape shape = OpenAiChat.Shape.of(call, "chatcmpl-");
    GenerateRequest.Builder request = OpenAiPrompt.chat(body).id(call.id());
    return names
        .route(call, body.text("model"), request)
        .thenCompose(
            routed -> {
              List<GenerateRequest> requests = copies(routed.build(), OpenAiPrompt.copies(body));
              return body.flag("stream", false)
                  ? answers.stream(call, requests, new OpenAiChat.Stream(shape))
                  : answers.whole(call, requests, all -> chat(shape, all));
            });
  }

  private static HttpResponse chat(OpenAiChat.Shape shape, List<Answers.Whole> answers) {
    return Replies.json(200, OpenAiChat.whole(shape, answers));
  }

  private CompletionStage<HttpResponse> completions(Call call) {
    Body body = call.body();
    OpenAiChat.Shape shape = OpenAiChat.Shape.of(call, "cmpl-");
    GenerateRequest.Builder request = OpenAiCompletions.request(body).id(call.id());
    int copies = OpenAiPrompt.copies(body);
    return names
        .route(call, body.text("model"), request)
        .thenCompose(
            routed -> {
              List<GenerateRequest> requests = OpenAiCompletions.requests(body, routed);
              return body.flag("stream", false)
                  ? answers.stream(
                      call, requests, new OpenAiCompletions.Stream(shape, requests.size(), copies))
                  : answers.whole(
                      call,
                      requests,
                      all -> Replies.json(200, OpenAiCompletions.whole(shape, all, copies)));
            });
  }

  private CompletionStage<HttpResponse> responses(Call call) {
    Body body = call.body();
    GenerateRequest.Builder request = ResponsesPrompt.request(body).id(call.id());
    return names
        .route(call, body.text("model"), request)
        .thenCompose(
            routed -> {
              List<GenerateRequest> requests = List.of(routed.build());
              return body.flag("stream", false)
                  ? answers.stream(call, requests, new OpenAiResponseStream(call))
                  : answers.whole(
                      call,
                      requests,
                      all -> Replies.json(200, OpenAiResponses.whole(call, all.getFirst())));
            });
  }

  private CompletionStage<HttpResponse> embeddings(Call call) {
    List<String> inputs = OpenAiEmbeddings.inputs(call.body());
    return names
        .embedding(call, call.body().text("model"), inputs)
        .thenCompose(finch::embedAsync)
        .thenApply(vectors -> Replies.json(200, OpenAiEmbeddings.write(vectors, call.body())));
  }

  /** The same request n times; each with its own name and, where one was given, its own seed. */
  static List<GenerateRequest> copies(GenerateRequest request, int count) {
    List<GenerateRequest> copies = new ArrayList<>(count);
    copies.add(request);
    Long seed = request.sampling().seed();
    for (int i = 1; i < count; i++) {
      Long own = seed == null ? null : Long.valueOf(seed + i);
      copies.add(
          request.toBuilder()
              .id(request.id() + "-" + i)
              .sampling(request.sampling().toBuilder().seed(own).build())
              .build());
    }
    return copies;
  }

  private CompletionStage<HttpResponse> models(Call call) {
    boolean anthropic = call.header("anthropic-version") != null;
    return names
        .offered()
        .thenApply(
            ids -> {
              if (anthropic) {
                return Replies.json(200, AnthropicModels.page(call, List.copyOf(ids)));
              }
              ObjectNode body = Json.object().put("object", "list");
              ArrayNode data = body.putArray("data");
              ids.forEach(id -> data.add(describe(id)));
              return Replies.json(200, body);
            });
  }

  private CompletionStage<HttpResponse> model(Call call) {
    return names
        .known(call, call.pathValue())
        .thenApply(_ -> Replies.json(200, asked(call, call.pathValue())));
  }

  /** Anthropic's clients ask at the same address, and say who they are. */
  private static ObjectNode asked(Call call, String id) {
    return call.header("anthropic-version") == null ? describe(id) : AnthropicModels.one(id);
  }

  private static ObjectNode describe(String id) {
    return Json.object()
        .put("id", id)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", id.startsWith("claude") ? "anthropic" : "finch");
  }
}
