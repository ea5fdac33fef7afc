package dev.finch.engine.calls;

/** What a character is to a reader of calls. */
enum Verdict {
  /** It belongs to a call, or may still. */
  TAKEN,
  /** It does not belong here; what was held is no call. */
  REFUSED,
  /** It is the last that belongs here. */
  ENDED,
  /** What was read ended before it. */
  PASSED;

  /** Whether what was read is whole. */
  boolean isOver() {
    return this == ENDED || this == PASSED;
  }
}
