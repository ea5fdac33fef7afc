package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import dev.finch.failure.Failure;
import dev.finch.failure.FailureCode;
import dev.finch.failure.FinchException;

/** The ways in which a JSON schema is refused. */
final class SchemaFault {

  private SchemaFault() {}

  /** The same about the schema of a tool. */
  static FinchException ofTool(String tool, FinchException refused) {
    Failure failure = refused.failure();
    return new FinchException(
        Failure.permanent(
            failure.code(),
            "Tool '%s': %s".formatted(tool, failure.message()),
            failure.hint().orElse(null)));
  }

  /** No value can meet a part of a schema; what need not be met is left out then. */
  static final class UnsatisfiableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient FinchException refusal;

    UnsatisfiableException(FinchException refusal) {
      super(refusal.getMessage());
      this.refusal = refusal;
    }

    /** What the request fails with where it must be met. */
    FinchException refusal() {
      return refusal;
    }
  }

  /** No value can meet it. */
  static UnsatisfiableException unsatisfiable(String path, String what) {
    return new UnsatisfiableException(wrong(path, what));
  }

  /** Strings or numbers whose automaton has more states than a grammar may have. */
  static FinchException tooLarge(String path) {
    return refused(
        path,
        "its patterns, formats, lengths or multiples together need an automaton of more than %,d"
                .formatted(Automaton.MAX_STATES)
            + " states",
        "Simplify the pattern, or lower the length.");
  }

  /** A value as a message shows it. */
  static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /** A schema that is wrong. */
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
