package dev.finch.cli;

/**
 * Text that others wrote, as a terminal may see it: models, the Hub, Claude, servers and files
 * choose such text, and a terminal obeys some characters. What would move the cursor, change the
 * terminal or turn the direction of writing is shown as one visible character in its place. One for
 * each stream of text: what is cut between two pieces is put together again. One thread.
 */
final class ForeignText {

  private static final char CONTROL_PICTURES = '\u2400';
  private static final char PICTURE_OF_DELETE = '\u2421';
  private static final char REPLACEMENT = '\ufffd';

  /** The end of the last piece that the next one decides about: a CR or half a character. */
  private char held;

  /** The next piece. A line feed and a tab stay; CR LF becomes LF. */
  String shown(String piece) {
    if (held == 0 && isHarmless(piece)) {
      return piece;
    }
    String text = held == 0 ? piece : held + piece;
    held = 0;
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean last = i == text.length() - 1;
      if (last && (c == '\r' || Character.isHighSurrogate(c))) {
        held = c;
      } else if (Character.isHighSurrogate(c) && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else if (c != '\r' || text.charAt(i + 1) != '\n') {
        out.append(replaced(c));
      }
    }
    return out.toString();
  }

  /** A whole text. */
  static String of(String text) {
    ForeignText whole = new ForeignText();
    String shown = whole.shown(text);
    return whole.held == 0 ? shown : shown + replaced(whole.held);
  }

  /** A text that stands in one line, such as a name: line feeds and tabs become pictures too. */
  static String line(String text) {
    if (isHarmless(text) && text.indexOf('\n') < 0 && text.indexOf('\t') < 0) {
      return text;
    }
    return of(text).replace('\n', '\u240a').replace('\t', '\u2409');
  }

  /** A name that cannot begin a line of its own, whoever reads it. */
  static String name(String text) {
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replace('\n', '\u240a').replace('\r', '\u240d');
  }

  /** As many characters as there were, for a line that is being edited. */
  static String sameLength(String text) {
    if (isHarmless(text)) {
      return text;
    }
    char[] shown = text.toCharArray();
    for (int i = 0; i < shown.length; i++) {
      boolean pair =
          Character.isHighSurrogate(shown[i])
              && i + 1 < shown.length
              && Character.isLowSurrogate(shown[i + 1]);
      if (pair) {
        i++;
      } else {
        shown[i] = replaced(shown[i]);
      }
    }
    return new String(shown);
  }

  private static boolean isHarmless(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c) || replaced(c) != c) {
        return false;
      }
    }
    return true;
  }

  private static char replaced(char c) {
    if (c < ' ') {
      return c == '\n' || c == '\t' ? c : (char) (CONTROL_PICTURES + c);
    }
    if (c < 0x7f) {
      return c;
    }
    if (c == 0x7f) {
      return PICTURE_OF_DELETE;
    }
    return c < 0xa0 || turnsDirection(c) || Character.isSurrogate(c) ? REPLACEMENT : c;
  }

  // Embeddings, overrides, isolates and the deprecated ones beside them. The marks that Arabic and
  // Hebrew text needs turn nothing that was written in another place.
  private static boolean turnsDirection(char c) {
    return (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u206f')
        || c == '\u2028'
        || c == '\u2029';
  }
}
