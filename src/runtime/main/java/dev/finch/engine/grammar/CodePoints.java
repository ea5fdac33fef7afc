package dev.finch.engine.grammar;

import java.util.List;

/** A class of characters, quick to ask. Immutable. */
final class CodePoints {

  private final int[] firsts;
  private final int[] lasts;
  private final boolean negated;
  private final long low;
  private final long high;

  CodePoints(Symbol.CharacterClass many) {
    List<Symbol.Range> ranges = many.ranges();
    firsts = ranges.stream().mapToInt(Symbol.Range::first).toArray();
    lasts = ranges.stream().mapToInt(Symbol.Range::last).toArray();
    negated = many.negated();
    low = mask(0);
    high = mask(Long.SIZE);
  }

  private long mask(int from) {
    long mask = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      mask |= search(from + i) ? 1L << i : 0;
    }
    return mask;
  }

  boolean holds(int point) {
    if (point < Long.SIZE) {
      return (low >>> point & 1) != 0;
    }
    return point < 2 * Long.SIZE ? (high >>> point & 1) != 0 : search(point);
  }

  private boolean search(int point) {
    for (int i = 0; i < firsts.length; i++) {
      if (firsts[i] <= point && point <= lasts[i]) {
        return !negated;
      }
    }
    return negated;
  }

  /** Whether it holds one of these, or may: a negated class is only asked for one it holds. */
  boolean mayHold(int first, int last) {
    for (int i = 0; i < firsts.length; i++) {
      if (negated
          ? firsts[i] <= first && last <= lasts[i]
          : firsts[i] <= last && first <= lasts[i]) {
        return !negated;
      }
    }
    return negated;
  }
}
