package dev.finch.supervisor;

import org.jspecify.annotations.Nullable;

/**
 * The demonstration model that stands by until a useful one is there: it is tried once, and what
 * was to be done next waits until it answers or cannot.
 */
final class StandbyModel {

  private final boolean wanted;
  private int tryNumber;
  private @Nullable Runnable next;

  StandbyModel(boolean wanted) {
    this.wanted = wanted;
  }

  /** Whether it is to be brought before anything else is done. */
  boolean due(boolean somethingServes) {
    return wanted && !somethingServes && tryNumber == 0;
  }

  /** It is being brought by this try; {@code then} is done after it. */
  void begin(int number, Runnable then) {
    tryNumber = number;
    next = then;
  }

  /** Whether this is the try that brings it. */
  boolean is(int number) {
    return number != 0 && number == tryNumber;
  }

  /** It answers, or cannot: what waited is done. */
  void done() {
    Runnable waiting = next;
    next = null;
    if (waiting != null) {
      waiting.run();
    }
  }
}
