package dev.finch.remote;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What lies below the wrappings of stages. */
final class Causes {

  private Causes() {}

  /** The failure itself. */
  static Throwable of(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
