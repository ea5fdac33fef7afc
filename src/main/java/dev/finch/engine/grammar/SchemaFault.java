package dev.finch.engine.grammar;

import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;

/** The ways in which a JSON schema is refused. */
final class SchemaFault {

  private SchemaFault() {}

  /** A keyword that no grammar can promise, or that Finch does not know. */
  static FinchException keyword(String path, String keyword) {
    return refused(
        path,
        "the keyword '" + keyword + "' is not supported",
        "Remove the keyword and check the answer for it yourself.");
  }

  /** A schema that is wrong, or that no value can meet. */
  static FinchException wrong(String path, String what) {
    return refused(path, what, "Correct the schema.");
  }

  static FinchException refused(String path, String what, String hint) {
    String where = path.isEmpty() ? "" : " at " + path;
    return new FinchException(
        Failure.permanent(
            FailureCode.BAD_REQUEST, "JSON schema" + where + ": " + what + ".", hint));
  }
}
