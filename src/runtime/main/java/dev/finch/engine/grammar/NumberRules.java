package dev.finch.engine.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers of a schema. */
record NumberRules(JsonRules json, Rules rules) {

  /** An excluded bound of decimals is moved by this at most; what lies between is not derived. */
  private static final BigDecimal STEP = new BigDecimal("0.000001");

  /** Multiples between two bounds that are written out where an automaton would be too large. */
  private static final int FEW = 1_000;

  private static final int MOST_DIGITS = 15;

  private static final String PLAIN =
      "(\"0\" | \"-\"? ([1-9] [0-9]* (\".\" [0-9]* [1-9])? | \"0.\" [0-9]* [1-9]))";

  String body(Conjunction all, String type, List<JsonNode> excluded, String name) {
    NumberBounds bounds = all.numbers;
    boolean whole = type.equals("integer");
    boolean plain = bounds.plain && !whole;
    if (bounds.isFree() && excluded.isEmpty() && !plain) {
      return whole ? json.integer() : json.number();
    }
    if (!plain
        && bounds.multiples.isEmpty()
        && bounds.notMultiples.isEmpty()
        && excluded.isEmpty()) {
      return rules.define(type, NumberRange.shallow(range(bounds, whole, all.path), all.path));
    }
    try {
      Automaton automaton = automaton(all, whole, excluded).smallest();
      if (!automaton.isEmpty()) {
        return AutomatonRules.body(automaton, rules, name);
      }
    } catch (Automaton.TooLargeException e) {
      return few(bounds, whole, excluded, all.path);
    }
    throw SchemaFault.unsatisfiable(all.path, "no number lies between the bounds");
  }

  private static String range(NumberBounds bounds, boolean whole, String path) {
    if (whole) {
      BigInteger min = least(bounds);
      BigInteger max = most(bounds);
      if (min != null && max != null && min.compareTo(max) > 0) {
        throw SchemaFault.unsatisfiable(path, "no integer lies between the bounds");
      }
      return NumberRange.integers(min, max);
    }
    BigDecimal min = bounds.min;
    BigDecimal max = bounds.max;
    BigDecimal step = STEP;
    if (min != null && max != null) {
      BigDecimal room = max.subtract(min);
      boolean none =
          room.signum() < 0 || (room.signum() == 0 && (bounds.aboveMin || bounds.belowMax));
      if (none) {
        throw SchemaFault.unsatisfiable(path, "no number lies between the bounds");
      }
      step = step.min(room.divide(BigDecimal.valueOf(4)));
    }
    return NumberRange.decimals(
        min != null && bounds.aboveMin ? min.add(step) : min,
        max != null && bounds.belowMax ? max.subtract(step) : max);
  }

  private static @Nullable BigInteger least(NumberBounds bounds) {
    BigDecimal min = bounds.min;
    if (min == null) {
      return null;
    }
    return bounds.aboveMin
        ? min.setScale(0, RoundingMode.FLOOR).toBigInteger().add(BigInteger.ONE)
        : min.setScale(0, RoundingMode.CEILING).toBigInteger();
  }

  private static @Nullable BigInteger most(NumberBounds bounds) {
    BigDecimal max = bounds.max;
    if (max == null) {
      return null;
    }
    return bounds.belowMax
        ? max.setScale(0, RoundingMode.CEILING).toBigInteger().subtract(BigInteger.ONE)
        : max.setScale(0, RoundingMode.FLOOR).toBigInteger();
  }

  private static Automaton automaton(Conjunction all, boolean whole, List<JsonNode> excluded) {
    NumberBounds bounds = all.numbers;
    AutomatonBudget budget = all.references().budget();
    boolean free = bounds.min == null && bounds.max == null;
    String form =
        !free
            ? NumberRange.shallow(range(bounds, whole, all.path), all.path)
            : "\"-\"? (\"0\" | [1-9] [0-9]{0,%d})%s"
                .formatted(MOST_DIGITS, whole ? "" : " (\".\" [0-9]{1,12})?");
    Automaton automaton = StringFormats.automatonOf(form, budget);
    if (bounds.plain) {
      automaton = automaton.and(StringFormats.automatonOf(PLAIN, budget));
      budget.spend(10L * automaton.size());
    }
    for (BigDecimal step : bounds.multiples) {
      automaton = automaton.and(Multiples.of(step));
      budget.spend(10L * automaton.size());
    }
    for (BigDecimal step : bounds.notMultiples) {
      automaton = automaton.minus(Multiples.of(step));
    }
    for (JsonNode value : excluded) {
      automaton =
          automaton.minus(StringFormats.automatonOf(spellings(value.decimalValue()), budget));
    }
    return automaton;
  }

  /** One number in all forms without an exponent. */
  private static String spellings(BigDecimal value) {
    if (Math.abs(value.precision() - value.scale()) > 400 || Math.abs(value.scale()) > 400) {
      return "\"x\""; // longer than any number that is derived
    }
    String plain = value.stripTrailingZeros().toPlainString();
    boolean fraction = plain.indexOf('.') >= 0;
    String sign = value.signum() == 0 ? "\"-\"? " : "";
    return sign + Rules.literal(plain) + (fraction ? " \"0\"*" : " (\".\" \"0\"+)?");
  }

  private String few(NumberBounds bounds, boolean whole, List<JsonNode> excluded, String path) {
    BigDecimal step = BigDecimal.ZERO;
    for (BigDecimal each : bounds.multiples) {
      step = step.max(each);
    }
    BigDecimal min = bounds.min;
    BigDecimal max = bounds.max;
    if (step.signum() == 0) {
      throw SchemaFault.tooLarge(path);
    }
    BigInteger from = min == null ? null : min.divide(step, 0, RoundingMode.CEILING).toBigInteger();
    BigInteger to = max == null ? null : max.divide(step, 0, RoundingMode.FLOOR).toBigInteger();
    BigInteger most = BigInteger.valueOf(FEW);
    // Where a side is open, the multiples that are nearest to zero or to the other bound are taken.
    BigInteger first = from != null ? from : to == null ? BigInteger.ZERO : to.subtract(most);
    BigInteger last = to == null ? first.add(most) : to.min(first.add(most));
    List<String> ways = new ArrayList<>();
    for (BigInteger at = first; at.compareTo(last) <= 0; at = at.add(BigInteger.ONE)) {
      BigDecimal number = step.multiply(new BigDecimal(at)).stripTrailingZeros();
      boolean fits = !whole || number.scale() <= 0;
      if (fits
          && bounds.hold(number)
          && excluded.stream().noneMatch(v -> v.decimalValue().compareTo(number) == 0)) {
        ways.add(Rules.literal(number.toPlainString()));
      }
    }
    if (ways.isEmpty()) {
      throw SchemaFault.unsatisfiable(path, "no multiple lies between the bounds");
    }
    return rules.define("number", Rules.choice(ways));
  }
}
