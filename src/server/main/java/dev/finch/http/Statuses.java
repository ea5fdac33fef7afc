package dev.finch.http;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The HTTP status of each kind of failure, before a dialect puts it in its own words. */
final class Statuses {

  private Statuses() {}

  static int of(FailureCode code) {
    return switch (code) {
      case BAD_REQUEST, UNSUPPORTED_MODEL, CONTEXT_OVERFLOW, CLAUDE_REJECTED -> 400;
      case FORBIDDEN, LICENSE_NOT_ACCEPTED, CLAUDE_FORBIDDEN, HUB_GATED -> 403;
      case UNKNOWN_MODEL, HUB_NOT_FOUND, CLAUDE_NOT_FOUND -> 404;
      case READER_STALLED -> 408;
      case MODEL_IN_USE -> 409;
      case CLAUDE_TOO_LARGE -> 413;
      case MODEL_FILE_INVALID, MODEL_TOO_LARGE, NONE_FITS -> 422;
      case CLAUDE_RATE_LIMITED,
          CLAUDE_SPEND_LIMIT,
          CLAUDE_OUT_OF_CREDIT,
          BUDGET_SPENT,
          HUB_RATE_LIMITED ->
          429;
      case CANCELLED -> 499;
      case SETTINGS_INVALID, CACHE_UNUSABLE, LOAD_FAILED, ENGINE_FAILED, INTERNAL -> 500;
      case HUB_UNREACHABLE,
          HUB_UNAUTHORIZED,
          HUB_PROTOCOL,
          CHECKSUM_MISMATCH,
          CLAUDE_UNREACHABLE,
          CLAUDE_UNAUTHORIZED,
          CLAUDE_PROTOCOL,
          CLAUDE_STREAM_CUT,
          PROVIDER_LOST ->
          502;
      case OFFLINE,
          ENGINE_UNAVAILABLE,
          BUSY,
          DRAINING,
          MODEL_NOT_READY,
          CLOUD_DISABLED,
          NO_API_KEY,
          CLAUDE_OVERLOADED,
          BREAKER_OPEN,
          NOTHING_CAN_ANSWER ->
          503;
      case DEADLINE_EXCEEDED -> 504;
      case DISK_FULL -> 507;
    };
  }

  /** When asking again makes sense, or null where a client should not. */
  static @Nullable Duration retryAfter(Failure failure) {
    if (!failure.retryable()) {
      return null;
    }
    Duration said = failure.retryAfter().orElse(null);
    if (said != null) {
      return said;
    }
    int status = of(failure.code());
    return status == 429 || status == 503 ? Duration.ofSeconds(1) : null;
  }
}
