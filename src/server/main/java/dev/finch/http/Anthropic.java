package dev.finch.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.finch.Finch;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.inference.GenerateRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The dialect of Anthropic's Messages API, in both of its versions. */
final class Anthropic implements Dialect {

  private final Finch finch;
  private final Answers answers;
  private final ModelNames names;

  Anthropic(Finch finch, Answers answers, ModelNames names) {
    this.finch = finch;
    this.answers = answers;
    this.names = names;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.answer("/v1/messages", "Answer a conversation", this::messages),
        Route.guarded(
            "POST", "/v1/messages/count_tokens", "Count a conversation's tokens", this::count));
  }

  @Override
  public int status(int common, Failure failure) {
    boolean overloaded =
        failure.code() == FailureCode.BUSY || failure.code() == FailureCode.CLAUDE_OVERLOADED;
    return overloaded && common == 503 ? 529 : common;
  }

  @Override
  public ObjectNode error(int status, Failure failure, String requestId) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error").put("type", type(status)).put("message", message(failure));
    return body.put("request_id", requestId);
  }

  /**
   * Claude Code and others know a prompt that is too long by Claude's own words alone, and make it
   * shorter: <a href="https://docs.claude.com/en/api/errors">"prompt is too long: N tokens &gt; M
   * maximum"</a>.
   */
  private static String message(Failure failure) {
    Failure.Overflow overflow = failure.overflow().orElse(null);
    if (failure.code() != FailureCode.CONTEXT_OVERFLOW || overflow == null) {
      return failure.describe();
    }
    return "prompt is too long: %d tokens > %d maximum. %s"
        .formatted(overflow.promptTokens(), overflow.contextTokens(), failure.describe());
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 409 -> "conflict_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private CompletionStage<HttpResponse> messages(Call call) {
    Body body = call.body();
    GenerateRequest.Builder request = prompt(call).id(call.id());
    return names
        .route(call, body.text("model"), request)
        .thenCompose(
            routed -> {
              List<GenerateRequest> requests = List.of(routed.build());
              return body.flag("stream", false)
                  ? answers.stream(call, requests, new AnthropicStream(call))
                  : answers.whole(
                      call,
                      requests,
                      all -> Replies.json(200, AnthropicMessage.whole(call, all.getFirst())));
            });
  }

  private static GenerateRequest.Builder prompt(Call call) {
    return AnthropicPrompt.messages(call.body(), call.header("anthropic-beta"));
  }

  private CompletionStage<HttpResponse> count(Call call) {
    GenerateRequest.Builder request = prompt(call).id(call.id());
    return names
        .route(call, call.body().text("model"), request)
        .thenCompose(routed -> finch.countTokensAsync(routed.build()))
        .thenApply(tokens -> Replies.json(200, Json.object().put("input_tokens", tokens)));
  }
}
