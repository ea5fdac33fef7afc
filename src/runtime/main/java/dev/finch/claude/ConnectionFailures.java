package dev.finch.claude;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.StreamTcpException;
import org.jspecify.annotations.Nullable;

/** The failures that are not Claude's answers but the lack of them. */
final class ConnectionFailures {

  private ConnectionFailures() {}

  /** No response came. */
  static Failure unreachable(@Nullable Throwable cause, ClaudeSettings settings) {
    return Failure.passing(
        FailureCode.CLAUDE_UNREACHABLE,
        settings.scrub(
            "Claude at " + settings.endpoint() + " cannot be reached: " + reason(cause) + "."),
        "Check the network, the proxy (HTTPS_PROXY) and finch.cloud.endpoint.");
  }

  /** The answer ended before it said that it was complete. */
  static Failure cut(@Nullable Throwable cause) {
    return Failure.passing(
        FailureCode.CLAUDE_STREAM_CUT,
        "Claude's answer was cut off before its end"
            + (cause == null ? "" : " (" + reason(cause) + ")")
            + "; what came is not the whole answer.",
        "Ask again.");
  }

  /** There were signs of life and no answer. */
  static Failure saidNothing(Duration idle) {
    return Failure.passing(
        FailureCode.CLAUDE_STREAM_CUT,
        "Claude sent nothing of its answer for "
            + idle.toSeconds()
            + " s, only signs that it lives (finch.cloud.limits.idle-timeout).",
        "Ask again, or raise that limit where long thinking is to be awaited.");
  }

  /** What came is not the protocol. */
  static Failure protocol(String message) {
    return Failure.permanent(
        FailureCode.CLAUDE_PROTOCOL,
        message,
        "Check finch.cloud.endpoint and any proxy on the way: what answers there does not speak the"
            + " Messages API.");
  }

  /** A success that is no event stream, for example a network's log-in page. */
  static Failure notAStream(HttpResponse response, Endpoint endpoint) {
    return protocol(
        endpoint
            + " answered with "
            + response.entity().getContentType()
            + " (expected: text/event-stream).");
  }

  private static String reason(@Nullable Throwable cause) {
    Throwable root = cause;
    while (root != null
        && root.getCause() != null
        && (root instanceof CompletionException || root instanceof StreamTcpException)) {
      root = root.getCause();
    }
    if (root == null) {
      return "no response";
    }
    String message = root.getMessage();
    return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
  }
}
