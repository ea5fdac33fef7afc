package dev.finch.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows one answer through its grammar, token by token. A token may end within a code point,
 * whose rest is then the beginning of the next. Confined to one thread.
 */
public final class GrammarCursor {

  /**
   * A place between two bytes.
   *
   * @param point what is known of the code point that has begun
   * @param missing bytes that it still lacks
   * @param distinct what must not come again, or null where anything may
   */
  private record Place(
      GrammarStates.State state, int point, int missing, @Nullable DistinctParts distinct) {}

  /** Bytes as far as which it is seen that nothing new can come; as long as a word of JSON. */
  static final int LOOK_AHEAD = 5;

  /** So that a long beginning has more work than a token, and no work without bound. */
  private static final int CHARACTERS_BETWEEN_RESTS = 4096;

  /** White space that a grammar writes in one place, as far as a beginning may lack it. */
  private static final int MOST_BLANKS = 8;

  /** What may stand outside a string; what ends a part is first, since it is found soonest. */
  private static final String NEXT = "},]:\"0123456789.-+eEtruefalsn[{";

  private final GrammarStates states;
  private final Vocabulary vocabulary;
  private Place place;

  /** Whether nothing has come but a beginning that is a whole answer, white space included. */
  private boolean whole;

  GrammarCursor(GrammarProgram program, Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    states = new GrammarStates(program);
    place = new Place(states.first(), 0, 0, program.hasDistinct() ? DistinctParts.NOTHING : null);
  }

  /**
   * Goes on past the beginning of an answer.
   *
   * @param blanks whether white space between what JSON is made of says nothing, so that it may
   *     stand where the grammar has none, lack where it has some, and follow what is whole
   * @return the characters that were passed; all of them where an answer may begin so
   * @throws dev.finch.failure.FinchException where the grammar has too many ways to follow
   */
  int begin(String text, boolean blanks) {
    boolean quoted = false;
    boolean skipped = false;
    char before = ' ';
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      if (at % CHARACTERS_BETWEEN_RESTS == 0) {
        states.rest();
      }
      Place next = afterPoint(place, point);
      boolean blank = isBlank(point);
      if (next == null && blanks && !quoted && !blank) {
        next = afterBlanks(point);
        skipped |= next != null;
      }
      if (next == null && !(blanks && blank && !quoted)) {
        return at;
      }
      if (next != null && skipped && isOfWord(before) && isOfWord((char) point)) {
        return at; // two words are not one
      }
      skipped = next == null || (skipped && blank);
      quoted = point == '"' ? !quoted || before == '\\' : quoted;
      before = blank ? before : before == '\\' && point == '\\' ? ' ' : (char) point;
      if (next != null) {
        place = new Place(states.kept(next.state()), 0, 0, next.distinct());
      }
      whole = (blanks && blank && !quoted && whole) || place.state().mayEnd();
      at += Character.charCount(point);
    }
    return text.length();
  }

  private static boolean isBlank(int point) {
    return point == ' ' || point == '\n' || point == '\r' || point == '\t';
  }

  /** Behind white space that the grammar writes, or null where even so it cannot come. */
  private @Nullable Place afterBlanks(int point) {
    Place at = place;
    for (int i = 0; i < MOST_BLANKS; i++) {
      Place blank = after(at, (byte) ' ');
      at = blank == null ? after(at, (byte) '\n') : blank;
      Place next = at == null ? null : afterPoint(at, point);
      if (at == null || next != null) {
        return next;
      }
    }
    return null;
  }

  private @Nullable Place afterPoint(Place from, int point) {
    return after(from, Character.toString(point).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '+' || c == '-';
  }

  /** Whether the answer may end here. */
  public boolean mayEnd() {
    return whole || place.state().mayEnd();
  }

  /** Whether this token may come next. */
  public boolean allows(int token) {
    states.rest();
    byte[] text = vocabulary.text(token);
    Place after = text.length == 0 ? null : after(place, text);
    return after != null && canGoOn(after);
  }

  /**
   * All tokens that may come next.
   *
   * @throws dev.finch.failure.FinchException where the grammar has too many ways to follow
   */
  public BitSet allowed() {
    states.rest();
    BitSet allowed = new BitSet(vocabulary.size());
    List<Place> path = new ArrayList<>(List.of(place));
    for (int i = 0; i < vocabulary.size(); i++) {
      int token = vocabulary.token(i);
      byte[] text = vocabulary.text(token);
      int known = Math.min(vocabulary.shared(i), path.size() - 1);
      boolean failed = vocabulary.shared(i) > known;
      path.subList(known + 1, path.size()).clear();
      while (!failed && path.size() <= text.length) {
        Place next = after(path.getLast(), text[path.size() - 1]);
        if (next == null) {
          failed = true;
        } else {
          path.add(next);
        }
      }
      if (!failed && text.length > 0 && canGoOn(path.getLast())) {
        allowed.set(token);
      }
    }
    return allowed;
  }

  /** Goes on past a token that is allowed. */
  public void accept(int token) {
    Place after = after(place, vocabulary.text(token));
    if (after == null) {
      throw new IllegalArgumentException("token: " + token + " (expected: one that is allowed)");
    }
    whole = false;
    place = new Place(states.kept(after.state()), after.point(), after.missing(), after.distinct());
  }

  private @Nullable Place after(Place from, byte[] text) {
    Place at = from;
    for (byte next : text) {
      at = after(at, next);
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  /** Whether all that may follow is a part that was there already. */
  private boolean isCorner(Place at, DistinctParts distinct, int bytes) {
    return distinct.mayRepeatAround() ? !hasNext(at, bytes) : distinct.wouldRepeat() && !goesOn(at);
  }

  /** Whether something may come outside a string but white space, which leads nowhere else. */
  private boolean hasNext(Place at, int bytes) {
    for (int i = 0; i < NEXT.length(); i++) {
      Place next = after(at, (byte) NEXT.charAt(i));
      DistinctParts distinct = next == null ? null : next.distinct();
      if (next != null
          && distinct != null
          && (bytes == 0 || !isCorner(next, distinct, bytes - 1))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a part that must not end here may be longer. */
  private boolean goesOn(Place at) {
    for (int next = ' '; next < 0x7F; next++) {
      if (after(at, (byte) next) != null) {
        return true;
      }
    }
    return states.mayGoOn(at.state(), 0x80, Character.MAX_CODE_POINT);
  }

  /** One byte on, or null where it cannot be. */
  private @Nullable Place after(Place from, byte next) {
    DistinctParts distinct = from.distinct();
    if (distinct == null) {
      return within(from, next);
    }
    boolean begins = (next == '[' || next == '{') && states.beginsDistinct(from.state(), next);
    DistinctParts more = distinct.after(next, begins);
    Place after = more == null ? null : within(from, next);
    return after == null ? null : new Place(after.state(), after.point(), after.missing(), more);
  }

  /** One byte on in the grammar. */
  private @Nullable Place within(Place from, byte next) {
    int value = next & 0xFF;
    if (from.missing() > 0) {
      if (value < least(from) || value > most(from)) {
        return null;
      }
      int point = from.point() << 6 | (value & 0x3F);
      return from.missing() > 1
          ? new Place(from.state(), point, from.missing() - 1, null)
          : whole(from.state(), point);
    }
    if (value < 0x80) {
      return value == 0 ? null : whole(from.state(), value);
    }
    int missing = value >= 0xF0 ? 3 : value >= 0xE0 ? 2 : 1;
    return value < 0xC2 || value > 0xF4
        ? null
        : new Place(from.state(), value & (0x3F >> missing), missing, null);
  }

  // Unicode 16, table 3-7: no code point is written with more bytes than it needs, none is a
  // surrogate, and none is beyond the last.

  private static int least(Place at) {
    boolean none = at.point() == 0;
    return none && at.missing() == 2 ? 0xA0 : none && at.missing() == 3 ? 0x90 : 0x80;
  }

  private static int most(Place at) {
    return at.missing() == 2 && at.point() == 0xD
        ? 0x9F
        : at.missing() == 3 && at.point() == 4 ? 0x8F : 0xBF;
  }

  private @Nullable Place whole(GrammarStates.State from, int point) {
    GrammarStates.State after = states.after(from, point);
    return after.isDead() ? null : new Place(after, 0, 0, null);
  }

  private boolean canGoOn(Place at) {
    if (at.missing() == 0) {
      DistinctParts distinct = at.distinct();
      return distinct == null || !isCorner(at, distinct, LOOK_AHEAD);
    }
    int first = at.point() << (6 * at.missing());
    int last = first | ((1 << (6 * at.missing())) - 1);
    int least = at.missing() == 3 ? 0x10000 : at.missing() == 2 ? 0x800 : 0x80;
    return states.mayGoOn(
        at.state(), Math.max(first, least), Math.min(last, Character.MAX_CODE_POINT));
  }
}
