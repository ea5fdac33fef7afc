package dev.finch.cli.terminal;

/**
 * Text that others wrote, as a terminal may see it: models, the Hub, Claude, servers and files
 * choose such text, and a terminal obeys some characters. What would move the cursor, change the
 * terminal, turn the direction of writing or stand there unseen is shown as one visible character
 * in its place; {@link Unseen} says what is needed where. One for each stream of text: what is cut
 * between two pieces is put together again. One thread.
 */
public final class ForeignText {

  private static final char CONTROL_PICTURES = '\u2400';
  private static final char PICTURE_OF_DELETE = '\u2421';
  private static final char REPLACEMENT = '\ufffd';

  private final Unseen unseen = new Unseen();

  /** The end of the last piece, which is decided about with the next one. */
  private String held = "";

  /** The next piece. A line feed and a tab stay; CR LF becomes LF. */
  String shown(String piece) {
    if (held.isEmpty() && isHarmless(piece)) {
      unseen.passed(piece);
      return piece;
    }
    String text = held + piece;
    held = "";
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (waits(text, c, next)) {
        held = text.substring(i);
        break;
      }
      if (c != '\r' || text.charAt(next) != '\n') {
        out.appendCodePoint(shown(c, next < text.length() ? text.codePointAt(next) : 0));
      }
      i = next;
    }
    return out.toString();
  }

  /** Whether what follows decides, and is not here yet. */
  private static boolean waits(String text, int c, int next) {
    boolean last = next == text.length();
    boolean half = !last && next == text.length() - 1 && isHigh(text.charAt(next));
    return Unseen.dependsOnNext(c) ? last || half : last && (c == '\r' || isHigh(c));
  }

  private int shown(int c, int next) {
    return unseen.isNeeded(c, next) ? replaced(c) : REPLACEMENT;
  }

  /** A whole text. */
  public static String of(String text) {
    ForeignText whole = new ForeignText();
    String shown = whole.shown(text);
    StringBuilder out = new StringBuilder(shown);
    whole.held.codePoints().forEach(c -> out.appendCodePoint(whole.shown(c, 0)));
    return whole.held.isEmpty() ? shown : out.toString();
  }

  /** A text that stands in one line, such as a name: line feeds and tabs become pictures too. */
  public static String line(String text) {
    if (isHarmless(text) && text.indexOf('\n') < 0 && text.indexOf('\t') < 0) {
      return text;
    }
    return of(text).replace('\n', '\u240a').replace('\t', '\u2409');
  }

  /** A name that cannot begin a line of its own, whoever reads it. */
  public static String name(String text) {
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replace('\n', '\u240a').replace('\r', '\u240d');
  }

  /** As many characters as there were, for a line that is being edited. */
  static String sameLength(String text) {
    if (isHarmless(text)) {
      return text;
    }
    ForeignText line = new ForeignText();
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int shown = line.shown(c, i < text.length() ? text.codePointAt(i) : 0);
      out.append(
          Character.toString(shown).repeat(Character.charCount(c) / Character.charCount(shown)));
    }
    return out.toString();
  }

  private static boolean isHarmless(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c) || replaced(c) != c || Unseen.mayBe(c)) {
        return false;
      }
    }
    return true;
  }

  private static int replaced(int c) {
    if (c < ' ') {
      return c == '\n' || c == '\t' ? c : CONTROL_PICTURES + c;
    }
    if (c < 0x7f) {
      return c;
    }
    if (c == 0x7f) {
      return PICTURE_OF_DELETE;
    }
    return c < 0xa0 || turnsDirection(c) || isLoneSurrogate(c) ? REPLACEMENT : c;
  }

  // Embeddings, overrides, isolates and the deprecated ones beside them.
  private static boolean turnsDirection(int c) {
    return (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x206f)
        || c == 0x2028
        || c == 0x2029;
  }

  private static boolean isHigh(int c) {
    return c >= Character.MIN_HIGH_SURROGATE && c <= Character.MAX_HIGH_SURROGATE;
  }

  private static boolean isLoneSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
