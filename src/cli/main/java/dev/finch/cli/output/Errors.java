package dev.finch.cli.output;

import dev.finch.cli.launch.ExitCode;
import dev.finch.cli.launch.UsageException;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;
import dev.finch.failure.Thrown;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Failures as a person reads them: what happened and what to do, and no stack trace unasked. */
public final class Errors {

  private Errors() {}

  /** Prints the failure; gives the exit code for it. */
  public static int print(PrintStream err, Throwable error, boolean verbose) {
    Throwable cause = Thrown.unwrapped(error);
    Failure failure = cause instanceof FinchException known ? known.failure() : null;
    err.println("finch: " + message(cause, failure));
    if (failure != null && failure.hint().isPresent()) {
      err.println("finch: " + failure.hint().orElse(null));
    }
    if (verbose) {
      cause.printStackTrace(err);
    } else if (failure == null && !(cause instanceof UsageException)) {
      err.println(
          "finch: --verbose shows where; the log has more (`finch doctor` says where it is).");
    }
    err.flush();
    return exitCode(cause, failure);
  }

  /** What went wrong, whatever was thrown. */
  public static Failure failure(Throwable error) {
    Throwable cause = Thrown.unwrapped(error);
    if (cause instanceof FinchException known) {
      return known.failure();
    }
    String message = cause.getMessage();
    return cause instanceof UsageException && message != null
        ? Failure.permanent(FailureCode.BAD_REQUEST, message, null)
        : Failure.permanent(
            FailureCode.INTERNAL, "An error inside Finch: " + cause, "The log has more.");
  }

  private static String message(Throwable cause, @Nullable Failure failure) {
    if (failure != null) {
      return failure.message();
    }
    String message = cause.getMessage();
    return cause instanceof UsageException && message != null
        ? message
        : "an error inside Finch: " + cause;
  }

  private static int exitCode(Throwable cause, @Nullable Failure failure) {
    if (failure != null) {
      return ExitCode.of(failure.code());
    }
    return cause instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILED;
  }
}
