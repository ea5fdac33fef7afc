package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Numbers of a schema. */
record NumberRules(JsonRules json) {

  /** An excluded bound of decimals is moved by this; what lies between is never derived. */
  private static final BigDecimal STEP = new BigDecimal("0.000001");

  private static final int MOST_PLACES = 9;

  String integer(ObjectNode schema, String path) {
    JsonNode multiple = schema.get("multipleOf");
    if (multiple != null && multiple.decimalValue().compareTo(BigDecimal.ONE) != 0) {
      throw SchemaFault.keyword(path, "multipleOf: " + multiple);
    }
    BigInteger min =
        larger(
            rounded(bound(schema, "minimum", path), RoundingMode.CEILING, 0),
            rounded(bound(schema, "exclusiveMinimum", path), RoundingMode.FLOOR, 1));
    BigInteger max =
        smaller(
            rounded(bound(schema, "maximum", path), RoundingMode.FLOOR, 0),
            rounded(bound(schema, "exclusiveMaximum", path), RoundingMode.CEILING, -1));
    if (min == null && max == null) {
      return json.integer();
    }
    if (min != null && max != null && min.compareTo(max) > 0) {
      throw SchemaFault.wrong(path, "no integer lies between the bounds");
    }
    return NumberRange.integers(min, max);
  }

  String number(ObjectNode schema, String path) {
    BigDecimal min =
        larger(
            bound(schema, "minimum", path), moved(bound(schema, "exclusiveMinimum", path), STEP));
    BigDecimal max =
        smaller(
            bound(schema, "maximum", path),
            moved(bound(schema, "exclusiveMaximum", path), STEP.negate()));
    JsonNode multiple = schema.get("multipleOf");
    if (multiple != null) {
      if (min != null || max != null) {
        throw SchemaFault.keyword(path, "multipleOf' beside bounds '");
      }
      return json.integer() + places(multiple.decimalValue(), path);
    }
    if (min == null && max == null) {
      return json.number();
    }
    if (min != null && max != null && min.compareTo(max) > 0) {
      throw SchemaFault.wrong(path, "no number lies between the bounds");
    }
    return NumberRange.decimals(min, max);
  }

  /** Decimal places, for multiples of 1, 0.1, 0.01 and so on. */
  private static String places(BigDecimal multiple, String path) {
    BigDecimal step = multiple.stripTrailingZeros();
    boolean powerOfTen = step.unscaledValue().equals(BigInteger.ONE);
    if (!powerOfTen || step.scale() < 0 || step.scale() > MOST_PLACES) {
      throw SchemaFault.keyword(path, "multipleOf: " + multiple);
    }
    return step.scale() == 0 ? "" : " (\".\" [0-9]{1," + step.scale() + "})?";
  }

  private static @Nullable BigDecimal bound(ObjectNode schema, String keyword, String path) {
    JsonNode bound = schema.get(keyword);
    if (bound == null) {
      return null;
    }
    if (!bound.isNumber()) {
      throw SchemaFault.wrong(path, keyword + " is " + bound + " (expected: a number)");
    }
    return bound.decimalValue();
  }

  private static @Nullable BigInteger rounded(
      @Nullable BigDecimal bound, RoundingMode mode, int step) {
    return bound == null
        ? null
        : bound.setScale(0, mode).toBigInteger().add(BigInteger.valueOf(step));
  }

  private static @Nullable BigDecimal moved(@Nullable BigDecimal bound, BigDecimal step) {
    return bound == null ? null : bound.add(step);
  }

  private static <N extends Comparable<N>> @Nullable N larger(@Nullable N a, @Nullable N b) {
    return a == null || (b != null && b.compareTo(a) > 0) ? b : a;
  }

  private static <N extends Comparable<N>> @Nullable N smaller(@Nullable N a, @Nullable N b) {
    return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
  }
}
