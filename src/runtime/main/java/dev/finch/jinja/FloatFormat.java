package dev.finch.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** C's formats of floats. */
final class FloatFormat {

  /** More digits than any float has. */
  static final int PRECISION_LIMIT = 2_000;

  private FloatFormat() {}

  /**
   * The digits of a float without its sign.
   *
   * @param type one of {@code eEfFgG}
   * @param alternate keeps the point, and zeros at the end
   */
  static String digits(
      Rendering rendering, double value, char type, int precision, boolean alternate) {
    boolean upper = Character.isUpperCase(type);
    if (!Double.isFinite(value)) {
      String word = Double.isNaN(value) ? "nan" : "inf";
      return upper ? word.toUpperCase(Locale.ROOT) : word;
    }
    if (precision > PRECISION_LIMIT) {
      throw rendering.exhausted("precision too big");
    }
    rendering.steps(50);
    BigDecimal decimal = new BigDecimal(Math.abs(value));
    String digits =
        switch (Character.toLowerCase(type)) {
          case 'f' -> fixed(decimal, precision, alternate);
          case 'e' -> scientific(decimal, precision, alternate);
          default -> general(decimal, precision, alternate);
        };
    return upper ? digits.toUpperCase(Locale.ROOT) : digits;
  }

  private static String fixed(BigDecimal value, int precision, boolean point) {
    String digits = value.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return point && precision == 0 ? digits + "." : digits;
  }

  private static BigDecimal rounded(BigDecimal value, int digits) {
    return value.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static int exponent(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
  }

  private static String scientific(BigDecimal value, int precision, boolean point) {
    BigDecimal rounded = rounded(value, precision + 1);
    int exponent = exponent(rounded);
    String digits = rounded.unscaledValue().toString();
    StringBuilder all = new StringBuilder(digits);
    if (rounded.signum() == 0) {
      all.setLength(0);
      all.append('0');
    }
    all.repeat('0', Math.max(0, precision + 1 - all.length())).setLength(precision + 1);
    String mantissa = all.charAt(0) + (precision > 0 || point ? "." : "") + all.substring(1);
    return mantissa + exponent(exponent);
  }

  private static String exponent(int exponent) {
    String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
    return "e" + (exponent < 0 ? "-" : "+") + size;
  }

  private static String general(BigDecimal value, int precision, boolean alternate) {
    int digits = precision == 0 ? 1 : precision;
    int exponent = exponent(rounded(value, digits));
    if (exponent < -4 || exponent >= digits) {
      String text = scientific(value, digits - 1, alternate);
      int e = text.indexOf('e');
      return (alternate ? text.substring(0, e) : trimmed(text.substring(0, e))) + text.substring(e);
    }
    String text = fixed(value, digits - 1 - exponent, alternate);
    return alternate ? text : trimmed(text);
  }

  private static String trimmed(String digits) {
    if (digits.indexOf('.') < 0) {
      return digits;
    }
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return digits.substring(0, digits.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
