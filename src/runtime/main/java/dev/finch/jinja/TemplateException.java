package dev.finch.jinja;

/** A template that cannot be parsed or rendered, with the place in its source. */
public final class TemplateException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why a template has no text. */
  public enum Kind {
    /** It is not Jinja. */
    SYNTAX,
    /** It uses a construct that chat templates have no meaning for, such as {@code include}. */
    UNSUPPORTED,
    /** It called {@code raise_exception}: it does not take this conversation. */
    REFUSED,
    /** Jinja2 would fail on it too: undefined values, wrong types, unknown filters. */
    FAILED,
    /** It needs more work, memory, depth or output than is given. */
    EXHAUSTED,
    /** The rendering thread was interrupted. */
    CANCELLED
  }

  private final Kind kind;
  private final String reason;
  private final int line;
  private final int column;

  TemplateException(Kind kind, String reason, int line, int column) {
    super(
        kind == Kind.REFUSED ? reason : "line " + line + ", column " + column + ": " + reason,
        null,
        false,
        false);
    this.kind = kind;
    this.reason = reason;
    this.line = line;
    this.column = column;
  }

  public Kind kind() {
    return kind;
  }

  /** What is wrong, without the place; the template's own words where it {@link Kind#REFUSED}. */
  public String reason() {
    return reason;
  }

  /** The line in the template, from 1. */
  public int line() {
    return line;
  }

  /** The column in that line, in characters from 1. */
  public int column() {
    return column;
  }
}
