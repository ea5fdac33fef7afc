package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/**
 * How many there may be.
 *
 * @param max {@link #UNBOUNDED} for any number
 */
record Bounds(int min, int max) {

  static final int UNBOUNDED = -1;

  static final Bounds ANY = new Bounds(0, UNBOUNDED);

  /** Within both. */
  Bounds and(Bounds other) {
    int most =
        max == UNBOUNDED ? other.max : other.max == UNBOUNDED ? max : Math.min(max, other.max);
    return new Bounds(Math.max(min, other.min), most);
  }

  /** Within a keyword's bound, whose name begins with min or max. */
  Bounds and(String keyword, JsonNode bound) {
    int count = clamped(bound);
    if (keyword.startsWith("min")) {
      return and(new Bounds(count, UNBOUNDED));
    }
    return count == Integer.MAX_VALUE ? this : and(new Bounds(0, count));
  }

  /** No answer has as many as an int holds. */
  static int clamped(JsonNode bound) {
    return bound.decimalValue().min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
  }

  boolean isEmpty() {
    return max != UNBOUNDED && max < min;
  }

  boolean hold(int count) {
    return count >= min && (max == UNBOUNDED || count <= max);
  }
}
