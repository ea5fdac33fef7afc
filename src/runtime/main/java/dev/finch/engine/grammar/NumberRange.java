package dev.finch.engine.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers between two bounds, as GBNF. A bound may be missing; the others are included. */
final class NumberRange {

  private static final String DIGITS = "[0-9]{0,12}";
  private static final int MOST_DIGITS = 15;

  /** Digits of a bound that count, before the point or behind it. */
  private static final int FINEST = 30;

  /** A bound beyond it is none, since no number that is derived has as many digits. */
  private static final BigDecimal FARTHEST = BigDecimal.TEN.pow(FINEST);

  private static final int DEEPEST = 80;

  private NumberRange() {}

  /** Refuses bounds whose digits would nest deeper than a grammar may. */
  static String shallow(String body, String path) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < body.length(); i++) {
      depth += body.charAt(i) == '(' ? 1 : body.charAt(i) == ')' ? -1 : 0;
      deepest = Math.max(deepest, depth);
    }
    if (deepest > DEEPEST) {
      throw SchemaFault.wrong(
          path,
          "its bounds differ only after %d digits (expected: bounds that are further apart)"
              .formatted(FINEST));
    }
    return body;
  }

  /** Integers from {@code min} to {@code max}; {@code min} is not above {@code max}. */
  static String integers(@Nullable BigInteger min, @Nullable BigInteger max) {
    BigDecimal low = min == null ? null : new BigDecimal(min);
    BigDecimal high = max == null ? null : new BigDecimal(max);
    BigDecimal least = low == null ? null : least(low, high);
    BigDecimal most = high == null ? null : most(low, high);
    return apart(least, most)
        ? wholeNumbers(
            least == null ? null : least.toBigIntegerExact(),
            most == null ? null : most.toBigIntegerExact())
        : wholeNumbers(min, max);
  }

  private static boolean apart(@Nullable BigDecimal least, @Nullable BigDecimal most) {
    return least == null || most == null || least.compareTo(most) <= 0;
  }

  /** A lower bound that is not below it, with fewer digits; null where no number is so small. */
  private static @Nullable BigDecimal least(BigDecimal min, @Nullable BigDecimal max) {
    if (min.compareTo(FARTHEST.negate()) < 0
        && (max == null || max.compareTo(FARTHEST.negate()) >= 0)) {
      return null;
    }
    return shorter(min, RoundingMode.CEILING);
  }

  /** An upper bound that is not above it, with fewer digits; null where no number is so large. */
  private static @Nullable BigDecimal most(@Nullable BigDecimal min, BigDecimal max) {
    if (max.compareTo(FARTHEST) > 0 && (min == null || min.compareTo(FARTHEST) <= 0)) {
      return null;
    }
    return shorter(max, RoundingMode.FLOOR);
  }

  private static BigDecimal shorter(BigDecimal bound, RoundingMode inwards) {
    BigDecimal near = bound.scale() > FINEST ? bound.setScale(FINEST, inwards) : bound;
    return near.precision() - near.scale() > FINEST
        ? near.round(new MathContext(FINEST, inwards))
        : near;
  }

  private static String wholeNumbers(@Nullable BigInteger min, @Nullable BigInteger max) {
    List<String> ways = new ArrayList<>();
    if (min == null || min.signum() < 0) {
      BigInteger smallest = max == null || max.signum() >= 0 ? BigInteger.ONE : max.negate();
      ways.add("\"-\" " + natural(smallest, min == null ? null : min.negate()));
    }
    if (max == null || max.signum() >= 0) {
      ways.add(natural(min == null ? BigInteger.ZERO : min.max(BigInteger.ZERO), max));
    }
    return Rules.choice(ways);
  }

  /** Integers from {@code min}, which is not negative, to {@code max}, without leading zeros. */
  private static String natural(BigInteger min, @Nullable BigInteger max) {
    List<String> ways = new ArrayList<>();
    String low = min.toString();
    int longest = max == null ? Math.max(MOST_DIGITS, low.length()) : max.toString().length();
    for (int length = low.length(); length <= longest; length++) {
      String from = length == low.length() ? low : "1" + "0".repeat(length - 1);
      String to = max != null && length == longest ? max.toString() : "9".repeat(length);
      ways.add(sameLength(from, to));
    }
    return Rules.choice(ways);
  }

  /** Digit strings between two of the same length. */
  private static String sameLength(String low, String high) {
    int length = low.length();
    if (length == 0) {
      return "\"\"";
    }
    char first = low.charAt(0);
    char last = high.charAt(0);
    String lowRest = low.substring(1);
    String highRest = high.substring(1);
    String zeros = "0".repeat(length - 1);
    String nines = "9".repeat(length - 1);
    if (lowRest.equals(zeros) && highRest.equals(nines)) {
      return length == 1 ? digit(first, last) : digit(first, last) + " [0-9]{" + (length - 1) + "}";
    }
    if (first == last) {
      return digit(first, last) + " " + sameLength(lowRest, highRest);
    }
    List<String> ways = new ArrayList<>();
    ways.add(digit(first, first) + " " + sameLength(lowRest, nines));
    if (first + 1 < last) {
      ways.add(digit((char) (first + 1), (char) (last - 1)) + " [0-9]{" + (length - 1) + "}");
    }
    ways.add(digit(last, last) + " " + sameLength(zeros, highRest));
    return Rules.choice(ways);
  }

  private static String digit(char first, char last) {
    return first == last ? "\"" + first + "\"" : "[" + first + "-" + last + "]";
  }

  /** Decimal numbers, without exponents; {@code min} is not above {@code max}. */
  static String decimals(@Nullable BigDecimal min, @Nullable BigDecimal max) {
    BigDecimal least = min == null ? null : least(min, max);
    BigDecimal most = max == null ? null : most(min, max);
    return apart(least, most) ? between(least, most) : between(min, max);
  }

  private static String between(@Nullable BigDecimal min, @Nullable BigDecimal max) {
    List<String> ways = new ArrayList<>();
    if (min == null || min.signum() < 0) {
      BigDecimal smallest = max == null || max.signum() >= 0 ? BigDecimal.ZERO : max.negate();
      ways.add("\"-\" " + positive(smallest, min == null ? null : min.negate()));
    }
    if (max == null || max.signum() >= 0) {
      ways.add(positive(min == null ? BigDecimal.ZERO : min.max(BigDecimal.ZERO), max));
    }
    return Rules.choice(ways);
  }

  private static String positive(BigDecimal min, @Nullable BigDecimal max) {
    BigInteger low = whole(min);
    String lowDigits = fraction(min);
    if (max == null) {
      if (lowDigits.isEmpty()) {
        return natural(low, null) + " " + atLeast("");
      }
      return Rules.choice(
          List.of(
              natural(low, low) + " " + atLeast(lowDigits),
              natural(low.add(BigInteger.ONE), null) + " " + atLeast("")));
    }
    BigInteger high = whole(max);
    String highDigits = fraction(max);
    if (low.equals(high)) {
      String between =
          lowDigits.isEmpty()
              ? "(\".\" " + most(highDigits) + ")?"
              : "\".\" " + between(lowDigits, highDigits);
      return "(" + natural(low, low) + " " + between + ")";
    }
    List<String> ways = new ArrayList<>();
    if (!lowDigits.isEmpty()) {
      ways.add(natural(low, low) + " " + atLeast(lowDigits));
    }
    BigInteger next = lowDigits.isEmpty() ? low : low.add(BigInteger.ONE);
    if (next.compareTo(high) < 0) {
      ways.add(natural(next, high.subtract(BigInteger.ONE)) + " " + atLeast(""));
    }
    ways.add(natural(high, high) + " (\".\" " + most(highDigits) + ")?");
    return Rules.choice(ways);
  }

  private static BigInteger whole(BigDecimal number) {
    return number.setScale(0, RoundingMode.FLOOR).toBigInteger();
  }

  /** The digits behind the point, without zeros at the end. */
  private static String fraction(BigDecimal number) {
    BigDecimal rest = number.subtract(new BigDecimal(whole(number))).stripTrailingZeros();
    return rest.signum() == 0 ? "" : rest.toPlainString().substring("0.".length());
  }

  private static String atLeast(String digits) {
    return digits.isEmpty() ? "(\".\" [0-9]{1,12})?" : "\".\" " + least(digits);
  }

  /** Digits behind the point that make at least this. */
  private static String least(String digits) {
    char first = digits.charAt(0);
    String rest = digits.substring(1);
    List<String> ways = new ArrayList<>();
    if (first < '9') {
      ways.add(digit((char) (first + 1), '9') + " " + DIGITS);
    }
    ways.add(digit(first, first) + " " + (rest.isEmpty() ? DIGITS : least(rest)));
    return Rules.choice(ways);
  }

  /** One or more digits behind the point that make at most this. */
  private static String most(String digits) {
    if (digits.isEmpty()) {
      return "\"0\"{1,4}";
    }
    char first = digits.charAt(0);
    String rest = digits.substring(1);
    List<String> ways = new ArrayList<>();
    if (first > '0') {
      ways.add(digit('0', (char) (first - 1)) + " " + DIGITS);
    }
    ways.add(digit(first, first) + " " + (rest.isEmpty() ? "\"0\"{0,4}" : "(" + most(rest) + ")?"));
    return Rules.choice(ways);
  }

  /** Digits behind the point between two; the lower has at least one digit that is not zero. */
  private static String between(String low, String high) {
    if (low.isEmpty()) {
      return high.isEmpty() ? "\"0\"{0,4}" : "(" + most(high) + ")?";
    }
    char first = low.charAt(0);
    char last = high.isEmpty() ? '0' : high.charAt(0);
    String lowRest = low.substring(1);
    String highRest = high.isEmpty() ? "" : high.substring(1);
    if (first == last) {
      return digit(first, last) + " " + between(lowRest, highRest);
    }
    List<String> ways = new ArrayList<>();
    ways.add(digit(first, first) + " " + (lowRest.isEmpty() ? DIGITS : least(lowRest)));
    if (first + 1 < last) {
      ways.add(digit((char) (first + 1), (char) (last - 1)) + " " + DIGITS);
    }
    ways.add(
        digit(last, last)
            + " "
            + (highRest.isEmpty() ? "\"0\"{0,4}" : "(" + most(highRest) + ")?"));
    return Rules.choice(ways);
  }
}
