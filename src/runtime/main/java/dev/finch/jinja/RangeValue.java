package dev.finch.jinja;

import java.util.AbstractList;
import java.util.List;

/**
 * A range of integers.
 *
 * @param size how many; so few that they can be counted in an int
 */
record RangeValue(long start, long stop, long step, int size) {

  /** The sandbox's own limit. */
  static final int LIMIT = 100_000;

  static RangeValue of(Rendering rendering, long start, long stop, long step) {
    if (step == 0) {
      throw rendering.error("range() arg 3 must not be zero");
    }
    boolean empty = step > 0 ? start >= stop : start <= stop;
    long distance = empty ? 0 : Math.absExact(Math.subtractExact(stop, start));
    long size = empty ? 0 : (distance - 1) / Math.absExact(step) + 1;
    if (size > LIMIT) {
      throw rendering.exhausted(
          "Range too big. The sandbox blocks ranges larger than " + LIMIT + ".");
    }
    return new RangeValue(start, stop, step, (int) size);
  }

  Object get(int index) {
    return start + step * index;
  }

  List<Object> items() {
    return new AbstractList<>() {
      @Override
      public Object get(int index) {
        return RangeValue.this.get(index);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }
}
