package dev.finch.engine.text;

import java.util.List;

/**
 * A prompt in which what was said is looked for, in the order in which it was said. To look for all
 * messages of a conversation takes time that grows with the prompt and what was said together,
 * whatever both hold: each search begins where the one before ended. What a template moved costs
 * another look from the beginning, as long as {@link #MOST_LOOKS} last; after that it counts as
 * there.
 *
 * <p>Not thread-safe.
 */
final class RenderedText {

  /** Searches from the beginning of the prompt; templates move a message or two. */
  private static final int MOST_LOOKS = 100;

  /** So short that String.indexOf, which is faster, is linear as well. */
  private static final int SHORT = 64;

  private final String text;
  private int from;
  private int looks;

  /** A text that is looked for, and how much of it the characters seen last are. */
  private static final class Wanted {
    final String text;
    final int[] borders;
    int matched;

    Wanted(String text) {
      this.text = text;
      this.borders = borders(text);
    }

    // Knuth, Morris and Pratt: String.indexOf takes the product of both lengths for aaab in aaaa.
    boolean endsWith(char c) {
      while (matched > 0 && text.charAt(matched) != c) {
        matched = borders[matched - 1];
      }
      matched += text.charAt(matched) == c ? 1 : 0;
      return matched == text.length();
    }

    /** For each beginning of the text, how long its longest proper beginning is that ends it. */
    private static int[] borders(String text) {
      int[] borders = new int[text.length()];
      int border = 0;
      for (int i = 1; i < text.length(); i++) {
        while (border > 0 && text.charAt(border) != text.charAt(i)) {
          border = borders[border - 1];
        }
        border += text.charAt(border) == text.charAt(i) ? 1 : 0;
        borders[i] = border;
      }
      return borders;
    }
  }

  RenderedText(String text) {
    this.text = text;
  }

  /**
   * Whether the prompt holds something that was said.
   *
   * @param forms ways to write it, of which one is enough
   */
  boolean holds(List<String> forms) {
    if (forms.stream().anyMatch(String::isEmpty)) {
      return true;
    }
    int end = endOf(forms, from);
    if (end < 0 && from > 0) {
      if (looks == MOST_LOOKS) {
        return true;
      }
      looks++;
      return endOf(forms, 0) >= 0;
    }
    from = Math.max(end, from);
    return end >= 0;
  }

  private int endOf(List<String> forms, int start) {
    String first = forms.getFirst();
    if (forms.size() == 1 && first.length() <= SHORT) {
      int at = text.indexOf(first, start);
      return at < 0 ? -1 : at + first.length();
    }
    List<Wanted> wanted = forms.stream().map(Wanted::new).toList();
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      for (int k = 0; k < wanted.size(); k++) {
        if (wanted.get(k).endsWith(c)) {
          return i + 1;
        }
      }
    }
    return -1;
  }
}
