package dev.finch.engine.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts what a model thinks, between {@code <think>} and {@code </think>} or other marks at the
 * beginning of its answer, from what it says. The marks, and white space around them, belong to
 * neither. Not thread-safe.
 */
final class ThoughtSplitter {

  /** White space before the marks; an answer that begins with more of it has none. */
  private static final int MOST_BLANKS = 1 << 12;

  /** A piece of the answer. */
  record Piece(String text, boolean thought) {}

  private enum State {
    BEGINNING,
    THINKING,
    AFTERWARDS,
    SAYING
  }

  private final List<ThoughtMarks> marks;
  private State state;
  private String close;
  private String held = "";

  /**
   * @param marks at least one; the first is meant where the prompt has opened one
   * @param inside whether the prompt has opened them already
   */
  ThoughtSplitter(List<ThoughtMarks> marks, boolean inside) {
    this.marks = List.copyOf(marks);
    close = marks.getFirst().close();
    state = inside ? State.THINKING : State.BEGINNING;
  }

  List<Piece> add(String text) {
    held += text;
    List<Piece> pieces = new ArrayList<>();
    State before;
    do {
      before = state;
      step(pieces);
    } while (state != before);
    return pieces;
  }

  /** Whether no thoughts can come any more. */
  boolean isOver() {
    return state == State.AFTERWARDS || state == State.SAYING;
  }

  /** What was held back and now is known to be no tag. */
  List<Piece> finish() {
    boolean nothing = held.isEmpty() || state == State.AFTERWARDS;
    List<Piece> rest = nothing ? List.of() : List.of(new Piece(held, state == State.THINKING));
    held = "";
    return rest;
  }

  private void step(List<Piece> pieces) {
    switch (state) {
      case BEGINNING -> begin();
      case THINKING -> think(pieces);
      case AFTERWARDS -> {
        held = held.stripLeading();
        state = held.isEmpty() ? State.AFTERWARDS : State.SAYING;
      }
      case SAYING -> {
        if (!held.isEmpty()) {
          pieces.add(new Piece(held, false));
          held = "";
        }
      }
    }
  }

  private void begin() {
    String start = held.stripLeading();
    boolean may = held.length() - start.length() <= MOST_BLANKS;
    for (ThoughtMarks each : marks) {
      if (start.startsWith(each.open())) {
        held = start.substring(each.open().length());
        close = each.close();
        state = State.THINKING;
        return;
      }
    }
    if (!may || marks.stream().noneMatch(each -> each.open().startsWith(start))) {
      state = State.SAYING;
    }
  }

  private void think(List<Piece> pieces) {
    int end = held.indexOf(close);
    int release = end >= 0 ? end : held.length() - Markers.beginningOf(close, held);
    if (release > 0) {
      pieces.add(new Piece(held.substring(0, release), true));
    }
    held = held.substring(end >= 0 ? end + close.length() : release);
    state = end >= 0 ? State.AFTERWARDS : State.THINKING;
  }
}
