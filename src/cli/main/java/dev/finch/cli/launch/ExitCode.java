package dev.finch.cli.launch;

import dev.finch.failure.FailureCode;

/** What the process says to its caller when it ends; documented in the man page. */
public final class ExitCode {

  /** Everything that was asked for is done. */
  public static final int OK = 0;

  /** The request or command failed. */
  public static final int FAILED = 1;

  /** The arguments, a setting or a model reference is wrong. */
  public static final int USAGE = 2;

  /** Neither a local model nor Claude can answer, or the model that was named cannot be had. */
  public static final int NOTHING_CAN_ANSWER = 3;

  /** Interrupted, as shells say it: 128 + SIGINT. */
  public static final int CANCELLED = 130;

  /** Told to end by a terminal that closed: 128 + SIGHUP. The JVM itself ends with it. */
  static final int HUNG_UP = 129;

  /** Told to end: 128 + SIGTERM. The JVM itself ends with it. */
  static final int TERMINATED = 143;

  /** The reader of stdout went away, as shells say it: 128 + SIGPIPE. */
  public static final int BROKEN_PIPE = 141;

  private ExitCode() {}

  /** For a question: whatever keeps the model that it needs from being had is one thing to it. */
  public static int ofQuestion(FailureCode code) {
    return switch (code) {
      case UNSUPPORTED_MODEL,
          MODEL_FILE_INVALID,
          MODEL_TOO_LARGE,
          LICENSE_NOT_ACCEPTED,
          HUB_UNREACHABLE,
          HUB_UNAUTHORIZED,
          HUB_GATED,
          HUB_NOT_FOUND,
          HUB_RATE_LIMITED,
          HUB_PROTOCOL,
          CHECKSUM_MISMATCH,
          DISK_FULL,
          CACHE_UNUSABLE,
          ENGINE_UNAVAILABLE,
          LOAD_FAILED ->
          NOTHING_CAN_ANSWER;
      default -> of(code);
    };
  }

  /** That of a command. */
  public static int of(FailureCode code) {
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
