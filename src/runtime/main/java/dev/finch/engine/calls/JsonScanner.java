package dev.finch.engine.calls;

/**
 * Reads one JSON value strictly, a character at a time, without keeping it. What nests deeper than
 * {@link #MOST_DEPTH} is refused. Not thread-safe.
 */
final class JsonScanner {

  static final int MOST_DEPTH = 128;

  private enum State {
    VALUE,
    FIRST_ITEM,
    FIRST_KEY,
    KEY,
    COLON,
    BEHIND,
    STRING,
    ESCAPE,
    HEX,
    NUMBER,
    WORD,
    ENDED
  }

  private final boolean[] objects = new boolean[MOST_DEPTH];
  private State state = State.VALUE;
  private boolean key;
  private int depth;
  private int hex;
  private String word = "";
  private int wordRead;

  /** Reads the next character; blanks before the value belong to it. */
  Verdict read(char c) {
    return switch (state) {
      case STRING -> string(c);
      case ESCAPE -> escape(c);
      case HEX -> hex(c);
      case WORD -> word(c);
      case NUMBER -> number(c);
      case ENDED -> Verdict.PASSED;
      case VALUE, FIRST_ITEM, FIRST_KEY, KEY, COLON, BEHIND ->
          CharacterKinds.isBlank(c) ? Verdict.TAKEN : token(c);
    };
  }

  private Verdict token(char c) {
    return switch (state) {
      case VALUE -> value(c);
      case FIRST_ITEM -> c == ']' ? close(false) : value(c);
      case FIRST_KEY -> c == '}' ? close(true) : key(c);
      case KEY -> key(c);
      case COLON -> c == ':' ? to(State.VALUE) : Verdict.REFUSED;
      case BEHIND -> behind(c);
      default -> Verdict.REFUSED;
    };
  }

  private Verdict value(char c) {
    key = false;
    return switch (c) {
      case '{', '[' -> open(c == '{');
      case '"' -> to(State.STRING);
      case 't' -> begin("true");
      case 'f' -> begin("false");
      case 'n' -> begin("null");
      default -> c == '-' || isDigit(c) ? to(State.NUMBER) : Verdict.REFUSED;
    };
  }

  private Verdict open(boolean object) {
    if (depth == MOST_DEPTH) {
      return Verdict.REFUSED;
    }
    objects[depth++] = object;
    return to(object ? State.FIRST_KEY : State.FIRST_ITEM);
  }

  private Verdict close(boolean object) {
    if (depth == 0 || objects[depth - 1] != object) {
      return Verdict.REFUSED;
    }
    depth--;
    return ended();
  }

  /** A value is whole. */
  private Verdict ended() {
    state = depth == 0 ? State.ENDED : State.BEHIND;
    return depth == 0 ? Verdict.ENDED : Verdict.TAKEN;
  }

  private Verdict key(char c) {
    key = true;
    return c == '"' ? to(State.STRING) : Verdict.REFUSED;
  }

  private Verdict behind(char c) {
    boolean object = objects[depth - 1];
    return switch (c) {
      case ',' -> to(object ? State.KEY : State.VALUE);
      case '}' -> close(true);
      case ']' -> close(false);
      default -> Verdict.REFUSED;
    };
  }

  private Verdict string(char c) {
    if (c == '\\') {
      return to(State.ESCAPE);
    }
    if (c != '"') {
      return Verdict.TAKEN;
    }
    return key ? to(State.COLON) : ended();
  }

  private Verdict escape(char c) {
    hex = 4;
    return c == 'u'
        ? to(State.HEX)
        : "\"\\/bfnrt".indexOf(c) >= 0 ? to(State.STRING) : Verdict.REFUSED;
  }

  private Verdict hex(char c) {
    hex--;
    return Character.digit(c, 16) < 0
        ? Verdict.REFUSED
        : hex == 0 ? to(State.STRING) : Verdict.TAKEN;
  }

  private Verdict begin(String literal) {
    word = literal;
    wordRead = 1;
    return to(State.WORD);
  }

  private Verdict word(char c) {
    if (word.charAt(wordRead) != c) {
      return Verdict.REFUSED;
    }
    wordRead++;
    return wordRead == word.length() ? ended() : Verdict.TAKEN;
  }

  private Verdict number(char c) {
    if (isDigit(c) || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-') {
      return Verdict.TAKEN;
    }
    return ended() == Verdict.ENDED ? Verdict.PASSED : read(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Verdict to(State next) {
    state = next;
    return Verdict.TAKEN;
  }
}
