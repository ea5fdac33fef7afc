package dev.finch.http;

import java.io.Serial;

/**
 * Cuts a connection after its error frame; it has no stack trace, since nothing went wrong here.
 */
final class AnswerBrokenException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  AnswerBrokenException() {
    super(
        "The answer broke and its connection is cut, so that nobody takes it for whole.",
        null,
        false,
        false);
  }
}
