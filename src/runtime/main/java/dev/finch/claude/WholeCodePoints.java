package dev.finch.claude;

/**
 * Joins pieces of text so that none ends inside a code point: JSON may escape the two halves of a
 * surrogate pair in different pieces. Not thread-safe.
 */
final class WholeCodePoints {

  private static final String REPLACEMENT = "\uFFFD";

  private char held;

  /** The text that is whole after this piece; may be empty. */
  String add(String piece) {
    if (piece.isEmpty()) {
      return piece;
    }
    String text = held == 0 ? piece : held + piece;
    held = 0;
    char last = text.charAt(text.length() - 1);
    if (Character.isHighSurrogate(last)) {
      held = last;
      text = text.substring(0, text.length() - 1);
    }
    return wellFormed(text);
  }

  /** What is left when no piece follows; may be empty. */
  String end() {
    boolean dangling = held != 0;
    held = 0;
    return dangling ? REPLACEMENT : "";
  }

  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
        continue;
      }
      repaired = repaired == null ? new StringBuilder(text) : repaired;
      repaired.setCharAt(i, REPLACEMENT.charAt(0));
    }
    return repaired == null ? text : repaired.toString();
  }
}
