package dev.finch.cli;

import dev.finch.failure.FailureCode;

/** What the process says to its caller when it ends; documented in the man page. */
final class ExitCode {

  static final int OK = 0;

  /** The request or command failed. */
  static final int FAILED = 1;

  /** The arguments, a setting or a model reference is wrong. */
  static final int USAGE = 2;

  /** Neither a local model nor Claude can answer. */
  static final int NOTHING_CAN_ANSWER = 3;

  /** Interrupted, as shells say it: 128 + SIGINT. */
  static final int CANCELLED = 130;

  /** The reader of stdout went away, as shells say it: 128 + SIGPIPE. */
  static final int BROKEN_PIPE = 141;

  private ExitCode() {}

  static int of(FailureCode code) {
    return switch (code) {
      case BAD_REQUEST, SETTINGS_INVALID, UNKNOWN_MODEL, UNSUPPORTED_MODEL -> USAGE;
      case NOTHING_CAN_ANSWER,
          NO_API_KEY,
          CLOUD_DISABLED,
          MODEL_NOT_READY,
          NONE_FITS,
          OFFLINE,
          BREAKER_OPEN,
          BUDGET_SPENT ->
          NOTHING_CAN_ANSWER;
      case CANCELLED -> CANCELLED;
      default -> FAILED;
    };
  }
}
