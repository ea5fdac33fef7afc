package dev.finch.engine.calls;

import org.jspecify.annotations.Nullable;

/** Reads the list of an object that holds several calls. Not thread-safe. */
final class CallList {

  private enum State {
    BEFORE,
    ITEM,
    OBJECT,
    BEHIND
  }

  private final OfferedTools tools;
  private final boolean strict;
  private State state = State.BEFORE;
  private @Nullable CallObject object;

  /**
   * @param strict as of {@link CallObject}
   */
  CallList(OfferedTools tools, boolean strict) {
    this.tools = tools;
    this.strict = strict;
  }

  /** Reads the next character; {@link Verdict#ENDED} with the bracket behind at least one call. */
  Verdict read(char c, CallSink sink) {
    if (state == State.OBJECT) {
      return object(c, sink);
    }
    if (CharacterKinds.isBlank(c)) {
      return Verdict.TAKEN;
    }
    return switch (state) {
      case BEFORE -> c == '[' ? to(State.ITEM) : Verdict.REFUSED;
      case ITEM -> c == '{' ? begin(c, sink) : Verdict.REFUSED;
      default -> behind(c, sink);
    };
  }

  private Verdict begin(char c, CallSink sink) {
    object = new CallObject(tools, strict, true);
    state = State.OBJECT;
    return object(c, sink);
  }

  private Verdict object(char c, CallSink sink) {
    CallObject current = object;
    Verdict verdict = current == null ? Verdict.REFUSED : current.read(c, sink);
    if (verdict.isOver()) {
      state = State.BEHIND;
      return verdict == Verdict.PASSED ? read(c, sink) : Verdict.TAKEN;
    }
    return verdict;
  }

  private Verdict behind(char c, CallSink sink) {
    if (c == ']') {
      sink.commit();
      return Verdict.ENDED;
    }
    return c == ',' ? to(State.ITEM) : Verdict.REFUSED;
  }

  private Verdict to(State next) {
    state = next;
    return Verdict.TAKEN;
  }
}
