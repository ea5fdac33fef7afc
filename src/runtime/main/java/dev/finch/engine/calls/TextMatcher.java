package dev.finch.engine.calls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recognizes one of some fixed texts while it comes. Not thread-safe. */
final class TextMatcher {

  private final List<String> all;
  private final StringBuilder read = new StringBuilder();

  /**
   * @param all none of them the beginning of another
   */
  TextMatcher(List<String> all) {
    this.all = List.copyOf(all);
  }

  /** Whether one of them begins so. */
  boolean begins(char c) {
    for (String word : all) {
      if (word.charAt(0) == c) {
        return true;
      }
    }
    return false;
  }

  /** Takes the next character; false where none of them goes on so. */
  boolean take(char c) {
    int at = read.length();
    for (String word : all) {
      if (word.length() > at && word.charAt(at) == c && word.startsWith(read.toString())) {
        read.append(c);
        return true;
      }
    }
    return false;
  }

  /** The text that is complete, which is then forgotten; null where none is. */
  @Nullable String complete() {
    String word = read.toString();
    if (!all.contains(word)) {
      return null;
    }
    read.setLength(0);
    return word;
  }

  /** How many characters are read of what may be one. */
  int length() {
    return read.length();
  }
}
