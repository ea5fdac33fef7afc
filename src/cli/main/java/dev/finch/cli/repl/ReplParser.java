package dev.finch.cli.repl;

import java.util.List;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Knows when a line is whole: text between {@code """} and {@code """} goes on over lines, and so
 * does a line that ends in a backslash. Quotes mean nothing otherwise: people write "don't".
 */
final class ReplParser implements Parser {

  static final String FENCE = "\"\"\"";

  @Override
  public @Nullable ParsedLine parse(String line, int cursor, ParseContext context) {
    if (context != ParseContext.COMPLETE && unfinished(line)) {
      throw new EOFError(-1, -1, "The text goes on", "");
    }
    return words(line, cursor);
  }

  static boolean unfinished(String line) {
    String text = line.stripLeading();
    if (text.startsWith(FENCE)) {
      return text.indexOf(FENCE, FENCE.length()) < 0;
    }
    return line.endsWith("\\");
  }

  /** What was meant: without the fences and the backslashes at line ends. */
  static String meant(String line) {
    String text = line.strip();
    if (text.startsWith(FENCE)) {
      int end = text.indexOf(FENCE, FENCE.length());
      String inside = text.substring(FENCE.length(), end < 0 ? text.length() : end);
      String after = end < 0 ? "" : text.substring(end + FENCE.length());
      return (inside.strip() + (after.isBlank() ? "" : "\n" + after.strip())).strip();
    }
    return text.replace("\\\n", "\n");
  }

  private static ParsedLine words(String line, int cursor) {
    String before = line.substring(0, Math.min(cursor, line.length()));
    List<String> words = List.of(before.stripLeading().split("\\s+", -1));
    String word = words.getLast();
    return new Words(word, word.length(), words.size() - 1, words, line, cursor);
  }

  private record Words(
      String word, int wordCursor, int wordIndex, List<String> words, String line, int cursor)
      implements ParsedLine {}
}
