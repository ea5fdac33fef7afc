package dev.finch.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's numbers: ints of any size up to a bound, floats, and booleans that count as 0 and 1. */
final class Numbers {

  /** Bits of the largest int. */
  private static final int BIT_LIMIT = 1 << 16;

  private Numbers() {}

  /** A long where it fits. */
  static Object exact(BigInteger value) {
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static boolean isInt(Object value) {
    return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
  }

  static BigInteger big(Object value) {
    return switch (value) {
      case Boolean truth -> truth ? BigInteger.ONE : BigInteger.ZERO;
      case BigInteger number -> number;
      default -> BigInteger.valueOf((Long) value);
    };
  }

  static double real(Rendering rendering, Object value) {
    if (value instanceof BigInteger number) {
      double real = number.doubleValue();
      if (Double.isInfinite(real)) {
        throw rendering.error("int too large to convert to float");
      }
      return real;
    }
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
  }

  /** An int that is used as a size or an index; one that is too large counts as the largest. */
  static long index(Rendering rendering, Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1 : 0;
      case BigInteger number -> number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
      case Undefined undefined -> throw rendering.error(undefined.message());
      default ->
          throw rendering.error(
              "'" + Values.type(value) + "' object cannot be interpreted as an integer");
    };
  }

  private static int compare(Object a, Object b) {
    if (isInt(a) && isInt(b)) {
      return big(a).compareTo(big(b));
    }
    return decimal(a).compareTo(decimal(b));
  }

  private static BigDecimal decimal(Object value) {
    return value instanceof Double number ? new BigDecimal(number) : new BigDecimal(big(value));
  }

  static boolean equal(Object a, Object b) {
    return ordered("==", a, b);
  }

  static boolean ordered(String operator, Object a, Object b) {
    int comparison;
    if (a instanceof Long x && b instanceof Long y) {
      comparison = Long.compare(x, y);
    } else if (isFinite(a) && isFinite(b)) {
      comparison = compare(a, b);
    } else {
      double x = a instanceof Double number ? number : 0;
      double y = b instanceof Double number ? number : 0;
      if (Double.isNaN(x) || Double.isNaN(y)) {
        return false;
      }
      comparison = x == y ? 0 : x < y ? -1 : 1;
    }
    return operator.equals("==") ? comparison == 0 : Comparison.holds(operator, comparison);
  }

  private static boolean isFinite(Object value) {
    return !(value instanceof Double number) || Double.isFinite(number);
  }

  static Object negate(Object value) {
    return switch (value) {
      case Long number when number != Long.MIN_VALUE -> -number;
      case Double number -> -number;
      default -> exact(big(value).negate());
    };
  }

  static Object binary(Rendering rendering, String operator, Object a, Object b) {
    if (a instanceof Double || b instanceof Double || operator.equals("/")) {
      return real(rendering, operator, a, b);
    }
    if (a instanceof Long x && b instanceof Long y) {
      long left = x;
      long right = y;
      switch (operator) {
        case "+" -> {
          long sum = left + right;
          if (((left ^ sum) & (right ^ sum)) >= 0) {
            return sum;
          }
        }
        case "-" -> {
          long difference = left - right;
          if (((left ^ right) & (left ^ difference)) >= 0) {
            return difference;
          }
        }
        case "%" -> {
          if (right != 0 && right != -1) {
            return Math.floorMod(left, right);
          }
        }
        default -> {}
      }
    }
    return ints(rendering, operator, big(a), big(b));
  }

  private static Object ints(Rendering rendering, String operator, BigInteger a, BigInteger b) {
    rendering.steps(1 + ((long) a.bitLength() + b.bitLength()) / 64);
    return switch (operator) {
      case "+" -> exact(bounded(rendering, a.add(b)));
      case "-" -> exact(bounded(rendering, a.subtract(b)));
      case "*" -> {
        bound(rendering, (long) a.bitLength() + b.bitLength());
        rendering.steps((long) a.bitLength() * b.bitLength() / 4096);
        yield exact(a.multiply(b));
      }
      case "//", "%" -> {
        if (b.signum() == 0) {
          throw rendering.error("integer division or modulo by zero");
        }
        rendering.steps((long) a.bitLength() * b.bitLength() / 4096);
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean adjust = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        yield operator.equals("//")
            ? exact(adjust ? parts[0].subtract(BigInteger.ONE) : parts[0])
            : exact(adjust ? parts[1].add(b) : parts[1]);
      }
      default -> power(rendering, a, b);
    };
  }

  private static Object power(Rendering rendering, BigInteger a, BigInteger b) {
    if (b.signum() < 0) {
      return real(rendering, "**", exact(a), exact(b));
    }
    if (a.abs().compareTo(BigInteger.ONE) <= 0) {
      boolean odd = b.testBit(0);
      return exact(b.signum() == 0 ? BigInteger.ONE : odd ? a : a.abs());
    }
    if (b.bitLength() > 31) {
      throw tooLarge(rendering);
    }
    bound(rendering, (a.bitLength() - 1L) * b.intValue());
    rendering.steps(1 + (long) a.bitLength() * b.intValue() / 16);
    return exact(a.pow(b.intValue()));
  }

  private static void bound(Rendering rendering, long bits) {
    if (bits > BIT_LIMIT) {
      throw tooLarge(rendering);
    }
    rendering.made(bits >> 3);
  }

  private static BigInteger bounded(Rendering rendering, BigInteger value) {
    bound(rendering, value.bitLength());
    return value;
  }

  private static TemplateException tooLarge(Rendering rendering) {
    return rendering.exhausted("an integer grows beyond " + BIT_LIMIT + " bits");
  }

  private static Object real(Rendering rendering, String operator, Object left, Object right) {
    if (operator.equals("/") && isInt(left) && isInt(right)) {
      return quotient(rendering, big(left), big(right));
    }
    double a = real(rendering, left);
    double b = real(rendering, right);
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> {
        refuseZero(rendering, b, "float division by zero");
        yield a / b;
      }
      case "//" -> {
        refuseZero(rendering, b, "float floor division by zero");
        double modulo = modulo(a, b);
        double quotient = (a - modulo) / b;
        double floor = Math.floor(quotient);
        floor += quotient - floor > 0.5 ? 1 : 0;
        yield quotient == 0 ? Math.copySign(0.0, a / b) : floor;
      }
      case "%" -> {
        refuseZero(rendering, b, "float modulo");
        yield modulo(a, b);
      }
      default -> realPower(rendering, a, b);
    };
  }

  private static double modulo(double a, double b) {
    double modulo = a % b;
    if (modulo == 0) {
      return Math.copySign(0.0, b);
    }
    return (b < 0) != (modulo < 0) ? modulo + b : modulo;
  }

  private static void refuseZero(Rendering rendering, double value, String message) {
    if (value == 0) {
      throw rendering.error(message);
    }
  }

  private static Object realPower(Rendering rendering, double a, double b) {
    if (a == 0 && b < 0) {
      throw rendering.error("0.0 cannot be raised to a negative power");
    }
    if (a < 0 && Double.isFinite(a) && Double.isFinite(b) && b != Math.rint(b)) {
      throw rendering.unsupported("complex numbers are not supported");
    }
    double power = a == 1 ? 1 : Math.pow(a, b);
    if (Double.isInfinite(power) && Double.isFinite(a) && Double.isFinite(b)) {
      throw rendering.error("(34, 'Numerical result out of range')");
    }
    return power;
  }

  private static Object quotient(Rendering rendering, BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw rendering.error("division by zero");
    }
    if (a.bitLength() <= 53 && b.bitLength() <= 53) {
      return a.doubleValue() / b.doubleValue();
    }
    rendering.steps(1 + (long) a.bitLength() * b.bitLength() / 4096);
    // Enough digits that rounding twice makes no difference a double could show, but for ties.
    BigInteger[] exactly = a.divideAndRemainder(b);
    double value =
        exactly[1].signum() == 0
            ? exactly[0].doubleValue()
            : new BigDecimal(a)
                .divide(new BigDecimal(b), new MathContext(60, RoundingMode.HALF_EVEN))
                .doubleValue();
    if (Double.isInfinite(value)) {
      throw rendering.error("integer division result too large for a float");
    }
    return value;
  }

  /** Python's {@code int(value)} of a number. */
  static Object truncate(Rendering rendering, Object value) {
    if (value instanceof Double number) {
      if (Double.isNaN(number)) {
        throw rendering.error("cannot convert float NaN to integer");
      }
      if (Double.isInfinite(number)) {
        throw rendering.error("cannot convert float infinity to integer");
      }
      return exact(new BigDecimal(number).toBigInteger());
    }
    return exact(big(value));
  }

  /** Python's {@code repr} of an int. */
  static String text(Rendering rendering, Object value) {
    if (value instanceof BigInteger number) {
      if (number.bitLength() > 14_280) {
        throw rendering.error("Exceeds the limit (4300 digits) for integer string conversion");
      }
      rendering.steps(number.bitLength() / 16);
    }
    return value.toString();
  }

  /** Python's {@code repr} of a float: the shortest digits that give it back. */
  static String text(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return (value == 0 && 1 / value < 0 ? "-0" : Long.toString((long) value)) + ".0";
    }
    BigDecimal decimal = shortest(Math.abs(value));
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
      return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + size;
    }
    String plain = decimal.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  /** Java gives two digits where one would do, as of the smallest float. */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal one = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
      return one.doubleValue() == value ? one.stripTrailingZeros() : decimal;
    }
    return decimal;
  }

  /** Python's {@code round(value, digits)} of a float. */
  static double round(double value, long digits) {
    if (!Double.isFinite(value) || digits > 323) {
      return value;
    }
    if (digits < -308) {
      return Math.copySign(0.0, value);
    }
    double rounded =
        new BigDecimal(value).setScale((int) digits, RoundingMode.HALF_EVEN).doubleValue();
    return rounded == 0 ? Math.copySign(0.0, value) : rounded;
  }
}
