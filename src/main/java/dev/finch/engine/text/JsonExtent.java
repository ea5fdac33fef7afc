package dev.finch.engine.text;

/** Finds where a JSON object that arrives in pieces ends. Not thread-safe. */
final class JsonExtent {

  private int depth;
  private boolean inString;
  private boolean escaped;

  /**
   * Reads on.
   *
   * @return behind the object's last brace, or the text's length where the object goes on; see
   *     {@link #ended()}
   */
  int read(CharSequence text, int from) {
    for (int at = from; at < text.length(); at++) {
      read(text.charAt(at));
      if (ended()) {
        return at + 1;
      }
    }
    return text.length();
  }

  /** Whether the object is closed, or has not begun. */
  boolean ended() {
    return depth == 0;
  }

  private void read(char c) {
    if (escaped) {
      escaped = false;
    } else if (inString) {
      escaped = c == '\\';
      inString = c != '"';
    } else {
      switch (c) {
        case '"' -> inString = true;
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
    }
  }
}
