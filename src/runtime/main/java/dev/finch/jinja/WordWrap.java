package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code textwrap.wrap} without tabs expanded or white space replaced. */
final class WordWrap {

  private final Rendering rendering;
  private final long width;
  private final boolean breakWords;
  private final boolean hyphens;

  WordWrap(Rendering rendering, long width, boolean breakWords, boolean hyphens) {
    this.rendering = rendering;
    this.width = width;
    this.breakWords = breakWords;
    this.hyphens = hyphens;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || (c >= 9 && c <= 13);
  }

  private static boolean isBlank(String chunk) {
    return chunk.codePoints().allMatch(PythonCharacters::isSpace);
  }

  List<String> wrap(String line) {
    if (width <= 0) {
      throw rendering.error("invalid width " + width + " (must be > 0)");
    }
    rendering.made(48L * line.length());
    rendering.characters(4L * line.length());
    List<String> chunks = hyphens ? hyphenated(line) : plain(line);
    List<String> lines = new ArrayList<>();
    int next = 0;
    while (next < chunks.size()) {
      List<String> current = new ArrayList<>();
      long length = 0;
      if (isBlank(chunks.get(next)) && !lines.isEmpty()) {
        next++;
      }
      while (next < chunks.size() && length + size(chunks.get(next)) <= width) {
        length += size(chunks.get(next));
        current.add(chunks.get(next++));
      }
      if (next < chunks.size() && size(chunks.get(next)) > width) {
        next = longWord(chunks, next, current, length);
      }
      if (!current.isEmpty() && isBlank(current.getLast())) {
        current.removeLast();
      }
      rendering.step();
      if (!current.isEmpty()) {
        lines.add(String.join("", current));
      }
    }
    return lines;
  }

  private static int size(String text) {
    return text.codePointCount(0, text.length());
  }

  private int longWord(List<String> chunks, int next, List<String> current, long length) {
    long left = width < 1 ? 1 : width - length;
    if (breakWords) {
      String chunk = chunks.get(next);
      int end = (int) left;
      if (hyphens && size(chunk) > left) {
        int hyphen = chunk.lastIndexOf('-', chunk.offsetByCodePoints(0, end) - 1);
        if (hyphen > 0 && chunk.chars().limit(hyphen).anyMatch(c -> c != '-')) {
          end = chunk.codePointCount(0, hyphen + 1);
        }
      }
      int cut = chunk.offsetByCodePoints(0, end);
      rendering.text(chunk.length());
      current.add(chunk.substring(0, cut));
      chunks.set(next, chunk.substring(cut));
      return next;
    }
    if (current.isEmpty()) {
      current.add(chunks.get(next));
      return next + 1;
    }
    return next;
  }

  /** Blanks and words in turn. */
  private static List<String> plain(String line) {
    List<String> chunks = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= line.length(); i++) {
      if (i == line.length() || isBlank(line.charAt(i)) != isBlank(line.charAt(i - 1))) {
        chunks.add(line.substring(from, i));
        from = i;
      }
    }
    return chunks;
  }

  /** The same, and words cut behind hyphens between letters and before dashes. */
  private static List<String> hyphenated(String line) {
    List<String> chunks = new ArrayList<>();
    for (String chunk : plain(line)) {
      if (isBlank(chunk.charAt(0))) {
        chunks.add(chunk);
      } else {
        cut(chunk, chunks);
      }
    }
    return chunks;
  }

  private static boolean isLetter(String word, int at) {
    if (at < 0 || at >= word.length()) {
      return false;
    }
    int c = word.charAt(at);
    return PythonCharacters.isWord(c) && !Character.isDigit(c);
  }

  private static boolean isWordPunctuation(String word, int at) {
    return at >= 0
        && at < word.length()
        && (PythonCharacters.isWord(word.charAt(at)) || "!\"'&.,?".indexOf(word.charAt(at)) >= 0);
  }

  private static void cut(String word, List<String> chunks) {
    int from = 0;
    int i = 0;
    while (i < word.length()) {
      if (word.charAt(i) != '-') {
        i++;
        continue;
      }
      int end = i;
      while (end < word.length() && word.charAt(end) == '-') {
        end++;
      }
      boolean dash =
          end - i >= 2
              && (i == 0 || isWordPunctuation(word, i - 1))
              && end < word.length()
              && PythonCharacters.isWord(word.charAt(end));
      if (dash) {
        if (i > from) {
          chunks.add(word.substring(from, i));
        }
        chunks.add(word.substring(i, end));
        from = end;
      } else if (end - i == 1 && splits(word, i, from)) {
        chunks.add(word.substring(from, end));
        from = end;
      }
      i = end;
    }
    if (from < word.length()) {
      chunks.add(word.substring(from));
    }
  }

  /** Whether a word may be cut behind this hyphen: letters stand on both sides of it. */
  private static boolean splits(String word, int hyphen, int from) {
    boolean before = isLetter(word, hyphen - 1) && hyphen - 1 >= from;
    boolean longBefore = hyphen - 2 >= from && isLetter(word, hyphen - 2);
    boolean joinedBefore =
        hyphen - 3 >= from && word.charAt(hyphen - 2) == '-' && isLetter(word, hyphen - 3);
    boolean joinedAfter =
        hyphen + 2 < word.length() && word.charAt(hyphen + 2) == '-' && isLetter(word, hyphen + 3);
    boolean after = isLetter(word, hyphen + 1) && (isLetter(word, hyphen + 2) || joinedAfter);
    return before && (longBefore || joinedBefore) && after;
  }
}
