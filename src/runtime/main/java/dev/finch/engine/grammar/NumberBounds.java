package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is demanded of a number. Confined to its {@link Conjunction}. */
final class NumberBounds {

  @Nullable BigDecimal min;
  @Nullable BigDecimal max;

  /** Whether the bound itself is left out. */
  boolean aboveMin;

  boolean belowMax;

  /** Whether equal numbers must be written alike. */
  boolean plain;

  final Set<BigDecimal> multiples = new LinkedHashSet<>();
  final Set<BigDecimal> notMultiples = new LinkedHashSet<>();

  boolean isFree() {
    return min == null && max == null && multiples.isEmpty() && notMultiples.isEmpty();
  }

  void add(NumberBounds other) {
    if (other.min != null) {
      atLeast(other.min, other.aboveMin);
    }
    if (other.max != null) {
      atMost(other.max, other.belowMax);
    }
    plain |= other.plain;
    multiples.addAll(other.multiples);
    notMultiples.addAll(other.notMultiples);
  }

  /** Takes a keyword about numbers; others are none of its business. */
  void add(String keyword, JsonNode value, String path) {
    switch (keyword) {
      case "minimum" -> atLeast(value.decimalValue(), false);
      case "exclusiveMinimum" -> atLeast(value.decimalValue(), true);
      case "maximum" -> atMost(value.decimalValue(), false);
      case "exclusiveMaximum" -> atMost(value.decimalValue(), true);
      case "multipleOf" -> multiples.add(positive(value, path));
      case SchemaKeywords.PLAIN -> plain = true;
      case SchemaKeywords.NOT_MULTIPLE -> notMultiples.add(positive(value, path));
      default -> {}
    }
  }

  private static BigDecimal positive(JsonNode value, String path) {
    if (value.decimalValue().signum() <= 0) {
      throw SchemaFault.wrong(path, value.asText() + " (expected: more than 0)");
    }
    return value.decimalValue();
  }

  private void atLeast(BigDecimal bound, boolean above) {
    int order = min == null ? 1 : bound.compareTo(min);
    if (order >= 0) {
      aboveMin = above || (order == 0 && aboveMin);
      min = bound;
    }
  }

  private void atMost(BigDecimal bound, boolean below) {
    int order = max == null ? -1 : bound.compareTo(max);
    if (order <= 0) {
      belowMax = below || (order == 0 && belowMax);
      max = bound;
    }
  }

  /** Whether a number is within the bounds and a multiple of what it must be. */
  boolean hold(BigDecimal number) {
    int low = min == null ? 1 : number.compareTo(min);
    int high = max == null ? -1 : number.compareTo(max);
    return (low > 0 || (low == 0 && !aboveMin))
        && (high < 0 || (high == 0 && !belowMax))
        && multiples.stream().allMatch(step -> isMultiple(number, step))
        && notMultiples.stream().noneMatch(step -> isMultiple(number, step));
  }

  static boolean isMultiple(BigDecimal number, BigDecimal step) {
    return number.remainder(step).signum() == 0;
  }
}
