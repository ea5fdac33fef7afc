package dev.finch.failure;

import java.io.Serial;

/** A {@link Failure} thrown, or carried by a failed stage. */
public final class FinchException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public FinchException(Failure failure) {
    super(failure.describe());
    this.failure = failure;
  }

  public FinchException(Failure failure, Throwable cause) {
    super(failure.describe(), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
