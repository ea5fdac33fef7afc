package dev.finch.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Why one request came to nothing, with what says whether it is worth repeating.
 *
 * @param failure what is told where it is not repeated
 * @param status the response's status, or 0 where no whole one came
 * @param hopeless whether repeating is useless
 * @param headers of the response
 */
record RequestFailure(Failure failure, int status, boolean hopeless, RetryPolicy.Headers headers) {

  private static final int OVERLOADED = 529;

  /** Claude answered with an error. */
  static RequestFailure refusal(HttpResponse response, ResponseBody.Whole body) {
    int status = response.status().intValue();
    RetryPolicy.Headers headers = RequestBuilder.headersOf(response);
    JsonNode json = ClaudeJson.parse(body.bytes().toArray());
    Failure failure = ApiErrors.failure(status, json);
    Duration wait = RetryPolicy.askedWait(headers, Instant.now());
    return new RequestFailure(
        wait != null && failure.retryable() ? failure.retryAfter(wait) : failure,
        status,
        ApiErrors.isSpendLimit(json),
        headers);
  }

  /** No response came, or it broke off. */
  static RequestFailure connection(Failure failure) {
    return new RequestFailure(failure, 0, false, RequestFailure::none);
  }

  /** The stream itself told of an error, or was none. */
  static RequestFailure stream(Failure failure) {
    return new RequestFailure(
        failure, failure.retryable() ? OVERLOADED : 0, !failure.retryable(), RequestFailure::none);
  }

  /** The wait before it is repeated, or null where it must not be. */
  @Nullable Duration wait(RetryPolicy policy, int retriesBefore) {
    return policy.next(retriesBefore, status, hopeless, headers);
  }

  private static @Nullable String none(String header) {
    return null;
  }
}
