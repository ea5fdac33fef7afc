package dev.finch.cli.launch;

import java.io.Serial;

/** The arguments make no sense; the message says which and what was expected. */
public final class UsageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
