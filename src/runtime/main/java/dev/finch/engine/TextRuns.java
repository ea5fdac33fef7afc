package dev.finch.engine;

/**
 * How deep llama.cpp's pre-tokenizer recurses for a text, without running it.
 *
 * <p>It finds words with {@code std::regex}, which recurses once for each character of the word
 * that it tries. No expression of b4916 lets a word cross from one kind of ASCII character to
 * another, but for one blank or mark before it and blanks after it; the exceptions are in {@link
 * Rule}. What is not ASCII may belong to any kind, so that this holds whatever a release of Unicode
 * says.
 */
final class TextRuns {

  /** Which ASCII characters one word may hold. */
  enum Rule {
    /** Letters, digits, blanks, or the rest. */
    KINDS,
    /** As {@link #KINDS}, but slashes and line ends may follow and join anything. */
    SLASHES_JOIN,
    /** Whatever is no blank. */
    NO_BLANKS;

    /**
     * The rule for a pre-tokenizer of b4916, from its expressions in llama-vocab.cpp.
     *
     * @param name as the key {@code tokenizer.ggml.pre} says it
     */
    static Rule of(String name) {
      return switch (name) {
        case "gpt-4o", "tekken" -> SLASHES_JOIN;
        case "bloom", "gpt3-finnish", "poro-chat", "viking" -> NO_BLANKS;
        default -> KINDS;
      };
    }
  }

  /**
   * What was found.
   *
   * @param longest bytes in UTF-8 of the longest run
   * @param depth code points that one word may hold at most
   */
  record Found(int longest, int depth) {}

  // A contraction, a mark before a word, and the expression's own nesting.
  private static final int SURPLUS = 16;

  private static final int ANY = 0;
  private static final int LETTER = 1;
  private static final int DIGIT = 2;
  private static final int BLANK = 3;
  private static final int OTHER = 4;

  private final Rule rule;
  private int kind = ANY;
  private int points;
  private int bytes;
  private int looseBytes;
  private int loosePoints;
  private int previous;
  private int longest;
  private int depth;

  private TextRuns(Rule rule) {
    this.rule = rule;
  }

  /** Measures a text, in time that grows with its length. */
  static Found in(String text, Rule rule) {
    TextRuns runs = new TextRuns(rule);
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      runs.take(point);
      i += Character.charCount(point);
    }
    runs.end();
    return new Found(runs.longest, runs.depth + SURPLUS);
  }

  private void take(int point) {
    int next = kind(point);
    if (next == ANY) {
      loosePoints++;
      looseBytes += bytes(point);
    } else {
      if (kind != ANY && next != kind) {
        end();
        points = loosePoints;
        bytes = looseBytes;
      }
      kind = next;
      loosePoints = 0;
      looseBytes = 0;
    }
    points++;
    bytes += bytes(point);
  }

  private void end() {
    longest = Math.max(longest, bytes);
    depth = Math.max(depth, previous + points);
    previous = points;
  }

  private int kind(int point) {
    if (point >= 0x80) {
      return ANY;
    }
    if (point == ' ' || (point >= '\t' && point <= '\r')) {
      return rule == Rule.SLASHES_JOIN && (point == '\n' || point == '\r') ? ANY : BLANK;
    }
    if (rule == Rule.NO_BLANKS) {
      return OTHER;
    }
    if ((point | 0x20) >= 'a' && (point | 0x20) <= 'z') {
      return LETTER;
    }
    if (point >= '0' && point <= '9') {
      return DIGIT;
    }
    return rule == Rule.SLASHES_JOIN && point == '/' ? ANY : OTHER;
  }

  private static int bytes(int point) {
    if (point < 0x80) {
      return 1;
    }
    return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
}
