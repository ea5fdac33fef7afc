package dev.finch.cli;

import java.io.Serial;

/** The arguments make no sense; the message says which and what was expected. */
final class UsageException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
