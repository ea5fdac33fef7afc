package dev.finch.failure;

import java.io.Serial;

/** A {@link Failure} thrown, or carried by a failed stage. */
public final class FinchException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** Throws this failure; the message is its text with its hint. */
  public FinchException(Failure failure) {
    super(failure.describe());
    this.failure = failure;
  }

  /** Throws this failure, with what led to it for the log. */
  public FinchException(Failure failure, Throwable cause) {
    super(failure.describe(), cause);
    this.failure = failure;
  }

  /** What went wrong, typed. */
  public Failure failure() {
    return failure;
  }
}
