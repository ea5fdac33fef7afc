package dev.finch.engine.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Parts what a model thinks, between {@code <think>} and {@code </think>} at the beginning of its
 * answer, from what it says. The tags, and white space around them, belong to neither. Not
 * thread-safe.
 */
final class Thoughts {

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /** A piece of the answer. */
  record Piece(String text, boolean thought) {}

  private enum State {
    BEGINNING,
    THINKING,
    AFTERWARDS,
    SAYING
  }

  private State state;
  private String held = "";

  /**
   * @param inside whether the prompt has opened the tag already
   */
  Thoughts(boolean inside) {
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
    if (start.startsWith(OPEN)) {
      held = start.substring(OPEN.length());
      state = State.THINKING;
    } else if (!OPEN.startsWith(start)) {
      state = State.SAYING;
    }
  }

  private void think(List<Piece> pieces) {
    int end = held.indexOf(CLOSE);
    int release = end >= 0 ? end : held.length() - Markers.beginningOf(CLOSE, held);
    if (release > 0) {
      pieces.add(new Piece(held.substring(0, release), true));
    }
    held = held.substring(end >= 0 ? end + CLOSE.length() : release);
    state = end >= 0 ? State.AFTERWARDS : State.THINKING;
  }
}
