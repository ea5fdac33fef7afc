package dev.finch.engine.text;

/** Marks that stand in a text which is still growing. */
final class Markers {

  private Markers() {}

  /** The length of the longest end of a text that begins a mark without being all of it. */
  static int beginningOf(String mark, CharSequence text) {
    for (int length = Math.min(mark.length() - 1, text.length()); length > 0; length--) {
      int from = text.length() - length;
      if (mark.startsWith(text.subSequence(from, text.length()).toString())) {
        return length;
      }
    }
    return 0;
  }
}
