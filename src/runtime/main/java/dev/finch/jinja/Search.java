package dev.finch.jinja;

/** Finds text in text in time that grows with both, never with their product. */
final class Search {

  /** What is this short is looked for in the plain way. */
  private static final int SHORT = 16;

  private Search() {}

  /** The first place at or behind {@code from}, -1 where there is none. */
  static int first(Rendering rendering, String text, String wanted, int from) {
    int found;
    if (wanted.length() <= SHORT) {
      found = text.indexOf(wanted, from);
    } else {
      rendering.steps((text.length() - from + wanted.length()) >> 6);
      found = match(rendering, text, wanted, from, false);
    }
    int end = found < 0 ? text.length() : found;
    rendering.steps(1 + ((Math.max(0, end - from) * (1L + Math.min(SHORT, wanted.length()))) >> 6));
    return found;
  }

  /** The last place that ends at or before {@code to}, -1 where there is none. */
  static int last(Rendering rendering, String text, String wanted, int to) {
    if (wanted.length() > to) {
      return -1;
    }
    int found;
    if (wanted.length() <= SHORT) {
      found = text.lastIndexOf(wanted, to - wanted.length());
    } else {
      rendering.steps((to + wanted.length()) >> 6);
      found = match(rendering, text, wanted, text.length() - to, true);
      found = found < 0 ? -1 : text.length() - found - wanted.length();
    }
    int end = Math.max(0, found);
    rendering.steps(1 + (((to - end) * (1L + Math.min(SHORT, wanted.length()))) >> 6));
    return found;
  }

  private static char at(String text, int index, boolean backwards) {
    return text.charAt(backwards ? text.length() - 1 - index : index);
  }

  /** Knuth, Morris and Pratt's way. */
  private static int match(
      Rendering rendering, String text, String wanted, int from, boolean backwards) {
    if (wanted.length() > text.length() - from) {
      return -1;
    }
    rendering.made(4L * wanted.length());
    int[] fallback = new int[wanted.length()];
    int length = 0;
    for (int i = 1; i < wanted.length(); i++) {
      char c = at(wanted, i, backwards);
      while (length > 0 && at(wanted, length, backwards) != c) {
        length = fallback[length - 1];
      }
      length += at(wanted, length, backwards) == c ? 1 : 0;
      fallback[i] = length;
    }
    length = 0;
    for (int i = from; i < text.length(); i++) {
      char c = at(text, i, backwards);
      while (length > 0 && at(wanted, length, backwards) != c) {
        length = fallback[length - 1];
      }
      length += at(wanted, length, backwards) == c ? 1 : 0;
      if (length == wanted.length()) {
        return i - length + 1;
      }
    }
    return -1;
  }
}
