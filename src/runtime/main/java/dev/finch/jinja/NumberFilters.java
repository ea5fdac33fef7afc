package dev.finch.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Filters of numbers. */
final class NumberFilters {

  private static final int LONGEST = 4_300;
  private static final String PREFIXES = "kMGTPEZY";

  private NumberFilters() {}

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return switch (name) {
      case "abs" -> {
        arguments.bind(rendering, name, 0);
        yield abs(rendering, value);
      }
      case "float" -> {
        Object otherwise = arguments.bind(rendering, name, 0, "default")[0];
        Double real = real(rendering, value);
        yield real != null ? real : otherwise == null ? 0.0 : otherwise;
      }
      case "int" -> integer(rendering, value, arguments);
      case "round" -> round(rendering, value, arguments);
      default -> fileSize(rendering, value, arguments);
    };
  }

  private static Object abs(Rendering rendering, Object value) {
    if (value instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    if (!Numbers.isNumber(value)) {
      throw rendering.error("bad operand type for abs(): '" + Values.type(value) + "'");
    }
    if (value instanceof Double number) {
      return Math.abs(number);
    }
    return Numbers.exact(Numbers.big(value).abs());
  }

  /** Python's {@code float(value)}; null where it raises TypeError or ValueError. */
  private static @Nullable Double real(Rendering rendering, Object value) {
    if (value instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    if (Numbers.isNumber(value)) {
      return Numbers.real(rendering, value);
    }
    String text = Values.string(value);
    return text == null ? null : parse(rendering, text);
  }

  private static @Nullable Double parse(Rendering rendering, String text) {
    rendering.characters(text.length());
    String number = strip(text);
    if (number.length() > LONGEST * 4) {
      throw rendering.exhausted("a number has too many digits");
    }
    int sign = !number.isEmpty() && "+-".indexOf(number.charAt(0)) >= 0 ? 1 : 0;
    switch (number.substring(sign).toLowerCase(Locale.ROOT)) {
      case "inf", "infinity" -> {
        return number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      }
      case "nan" -> {
        return Double.NaN;
      }
      default -> {}
    }
    int at = digits(number, sign);
    boolean any = at > sign;
    if (at < number.length() && number.charAt(at) == '.') {
      int end = digits(number, at + 1);
      any |= end > at + 1;
      at = end;
    }
    if (any && at < number.length() && (number.charAt(at) | 32) == 'e') {
      int exponent = at + 1;
      exponent += exponent < number.length() && "+-".indexOf(number.charAt(exponent)) >= 0 ? 1 : 0;
      int end = digits(number, exponent);
      at = end > exponent ? end : at;
    }
    if (!any || at < number.length()) {
      return null;
    }
    rendering.steps(number.length());
    return Double.valueOf(number.replace("_", ""));
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length()) {
      boolean between =
          text.charAt(at) == '_'
              && at > from
              && at + 1 < text.length()
              && PythonCharacters.isDigit(text.charAt(at + 1));
      if (!between && !PythonCharacters.isDigit(text.charAt(at))) {
        break;
      }
      at += between ? 2 : 1;
    }
    return at;
  }

  private static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && PythonCharacters.isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && PythonCharacters.isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static Object integer(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given = arguments.bind(rendering, "int", 0, "default", "base");
    Object otherwise = given[0] == null ? 0L : given[0];
    long base = given[1] == null ? 10 : Numbers.index(rendering, given[1]);
    String text = Values.string(value);
    if (text != null) {
      BigInteger number = parseInt(rendering, text, base);
      if (number != null) {
        return Numbers.exact(number);
      }
    }
    if (Numbers.isNumber(value) && !(value instanceof Double number && number.isNaN())) {
      return Numbers.truncate(rendering, value);
    }
    Double real = real(rendering, value);
    if (real == null || real.isNaN()) {
      return otherwise;
    }
    return Numbers.truncate(rendering, real);
  }

  /** Python's {@code int(text, base)}; null where it raises ValueError. */
  private static @Nullable BigInteger parseInt(Rendering rendering, String text, long base) {
    rendering.characters(text.length());
    if (base != 0 && (base < 2 || base > 36)) {
      return null;
    }
    String number = strip(text).toLowerCase(Locale.ROOT);
    boolean negative = number.startsWith("-");
    number = negative || number.startsWith("+") ? number.substring(1) : number;
    int radix = (int) base;
    String prefix = number.length() > 1 ? number.substring(0, 2) : "";
    int prefixed =
        switch (prefix) {
          case "0x" -> 16;
          case "0o" -> 8;
          case "0b" -> 2;
          default -> 0;
        };
    if (prefixed > 0 && (radix == 0 || radix == prefixed)) {
      radix = prefixed;
      number = number.startsWith("_", 2) ? number.substring(3) : number.substring(2);
    } else if (radix == 0) {
      radix = 10;
      if (number.length() > 1
          && number.charAt(0) == '0'
          && !number.chars().allMatch(c -> c == '0' || c == '_')) {
        return null;
      }
    }
    if (number.isEmpty()
        || number.length() > LONGEST
        || number.startsWith("_")
        || number.endsWith("_")
        || number.contains("__")) {
      return null;
    }
    String digits = number.replace("_", "");
    for (int i = 0; i < digits.length(); i++) {
      if (Character.digit(digits.charAt(i), radix) < 0) {
        return null;
      }
    }
    rendering.steps(digits.length());
    BigInteger value = new BigInteger(digits, radix);
    return negative ? value.negate() : value;
  }

  private static Object round(Rendering rendering, Object value, Arguments arguments) {
    @Nullable Object[] given = arguments.bind(rendering, "round", 0, "precision", "method");
    Object precision = given[0] == null ? 0L : given[0];
    String method = given[1] == null ? "common" : Texts.string(rendering, given[1], "the method");
    if (!method.equals("common") && !method.equals("ceil") && !method.equals("floor")) {
      throw rendering.error("method must be common, ceil or floor");
    }
    if (value instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    if (!Numbers.isNumber(value)) {
      throw rendering.error("type " + Values.type(value) + " doesn't define __round__ method");
    }
    if (method.equals("common")) {
      return common(rendering, value, precision);
    }
    Object factor = Operators.binary(rendering, "**", 10L, precision);
    Object scaled = Operators.binary(rendering, "*", value, factor);
    if (scaled instanceof Double number) {
      if (!Double.isFinite(number)) {
        throw rendering.error("cannot convert float infinity or NaN to integer");
      }
      double whole = method.equals("ceil") ? Math.ceil(number) : Math.floor(number);
      scaled = Numbers.truncate(rendering, whole);
    }
    return Operators.binary(rendering, "/", scaled, factor);
  }

  private static Object common(Rendering rendering, Object value, Object precision) {
    if (precision instanceof None) {
      return value instanceof Double number
          ? Numbers.truncate(rendering, Double.isFinite(number) ? Math.rint(number) : number)
          : Numbers.exact(Numbers.big(value));
    }
    long digits = Numbers.index(rendering, precision);
    if (value instanceof Double number) {
      rendering.steps(50);
      return Numbers.round(number, digits);
    }
    BigInteger whole = Numbers.big(value);
    if (digits >= 0) {
      return Numbers.exact(whole);
    }
    if (digits < -20_000) {
      return 0L;
    }
    rendering.steps(1 - digits);
    return Numbers.exact(
        new BigDecimal(whole).setScale((int) digits, RoundingMode.HALF_EVEN).toBigInteger());
  }

  private static Object fileSize(Rendering rendering, Object value, Arguments arguments) {
    Object flag = arguments.bind(rendering, "filesizeformat", 0, "binary")[0];
    boolean binary = flag != null && Values.truth(flag);
    Double bytes = real(rendering, value);
    if (bytes == null) {
      throw rendering.error("could not convert to float");
    }
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return Texts.str(rendering, Numbers.truncate(rendering, bytes)) + " Bytes";
    }
    double unit = base;
    int i = 0;
    do {
      unit *= base;
    } while (!(bytes < unit) && ++i < PREFIXES.length());
    i = Math.min(i, PREFIXES.length() - 1);
    unit = Math.pow(base, i + 2.0);
    String prefix =
        binary ? Character.toUpperCase(PREFIXES.charAt(i)) + "iB" : PREFIXES.charAt(i) + "B";
    String sign = bytes < 0 ? "-" : "";
    return sign + FloatFormat.digits(rendering, base * bytes / unit, 'f', 1, false) + " " + prefix;
  }
}
