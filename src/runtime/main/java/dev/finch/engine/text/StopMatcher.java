package dev.finch.engine.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the texts that end an answer, across the borders of tokens. A stop text never reaches the
 * reader, not even its beginning: the end of the answer that could still become one is held back,
 * everything before it is released. The stop that is complete first wins; of those complete at the
 * same place, the longest. Not thread-safe.
 */
public final class StopMatcher {

  /**
   * What may be shown now.
   *
   * @param text released text, may be empty
   * @param stop the stop text that ended the answer, or null while it goes on
   */
  public record Step(String text, @Nullable String stop) {}

  private record Match(int start, String stop) {
    int end() {
      return start + stop.length();
    }
  }

  private final List<String> stops;
  private String held = "";

  /**
   * @param stops texts that end the answer; none of them empty
   */
  public StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /** Takes the next piece of the answer; nothing may be added after a step that has a stop. */
  public Step add(String piece) {
    String text = held + piece;
    Match match = firstMatch(text);
    if (match != null) {
      held = "";
      return new Step(text.substring(0, match.start()), match.stop());
    }
    int keep = possibleBeginning(text);
    held = text.substring(text.length() - keep);
    return new Step(text.substring(0, text.length() - keep), null);
  }

  /** The text held back, which the end of the answer shows to be no stop text. */
  public String finish() {
    String rest = held;
    held = "";
    return rest;
  }

  private @Nullable Match firstMatch(String text) {
    Match first = null;
    for (String stop : stops) {
      int start = text.indexOf(stop);
      if (start < 0) {
        continue;
      }
      Match match = new Match(start, stop);
      if (first == null
          || match.end() < first.end()
          || (match.end() == first.end() && match.start() < first.start())) {
        first = match;
      }
    }
    return first;
  }

  /** The length of the longest end of the text that begins a stop text. */
  private int possibleBeginning(String text) {
    int longest = 0;
    for (String stop : stops) {
      int limit = Math.min(stop.length() - 1, text.length());
      for (int length = limit; length > longest; length--) {
        if (text.regionMatches(text.length() - length, stop, 0, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
