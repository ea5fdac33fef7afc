package dev.finch.engine.calls;

import org.jspecify.annotations.Nullable;

/**
 * Reads an object that is written as Python prints it, {@code {'name': 'f', 'arguments': {}}}, and
 * gives it as JSON once it is whole. Not thread-safe.
 */
final class PythonObject {

  private final StringBuilder text = new StringBuilder();
  private int depth;
  private char quote;
  private boolean escaped;

  /** Reads the next character; {@link Verdict#ENDED} with the last brace. */
  Verdict read(char c) {
    text.append(c);
    if (quote != 0) {
      quote = c == quote && !escaped ? 0 : quote;
      escaped = !escaped && c == '\\';
      return Verdict.TAKEN;
    }
    switch (c) {
      case '\'', '"' -> quote = c;
      case '{', '[', '(' -> depth++;
      case '}', ']', ')' -> depth--;
      default -> {}
    }
    return depth > 0 ? Verdict.TAKEN : Verdict.ENDED;
  }

  /** What was read, or null where it is no literal. */
  @Nullable String json() {
    return PythonLiteral.json(text.toString());
  }
}
