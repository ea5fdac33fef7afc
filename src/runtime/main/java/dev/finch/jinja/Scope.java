package dev.finch.jinja;

import java.util.List;

/**
 * The variables that begin and end with a part of a template; set once, when scopes are resolved.
 */
final class Scope {

  /** What a variable is when its scope is entered. */
  enum Kind {
    UNDEFINED,
    /** What the template was given under this name, or a global. */
    GIVEN,
    /** What the variable of this name further out is just then. */
    OUTER,
    /** It is set by whoever enters the scope. */
    PARAMETER
  }

  record Start(int index, Kind kind, String name, Slot outer) {}

  List<Start> starts = List.of();

  /** How many variables the function has that begins with this scope. */
  int size;

  void enter(Frame frame, Rendering rendering) {
    for (Start start : starts) {
      switch (start.kind) {
        case UNDEFINED -> frame.values[start.index] = null;
        case GIVEN -> frame.values[start.index] = rendering.given(start.name);
        case OUTER -> frame.values[start.index] = frame.get(start.outer);
        case PARAMETER -> {}
      }
    }
  }

  void leave(Frame frame) {
    for (Start start : starts) {
      frame.values[start.index] = null;
    }
  }
}
