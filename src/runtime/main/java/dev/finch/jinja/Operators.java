package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators on any two values. */
final class Operators {

  private Operators() {}

  static Object binary(Rendering rendering, String operator, Object a, Object b) {
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.binary(rendering, operator, a, b);
    }
    refuseUndefined(rendering, a);
    String text = Values.string(a);
    if (text != null && operator.equals("%")) {
      return a instanceof Markup
          ? new Markup(new PercentFormat(rendering, text, true).format(b))
          : new PercentFormat(rendering, text, false).format(b);
    }
    refuseUndefined(rendering, b);
    return switch (operator) {
      case "+" -> add(rendering, a, b);
      case "*" -> multiply(rendering, a, b);
      default -> throw unsupported(rendering, operator, a, b);
    };
  }

  private static void refuseUndefined(Rendering rendering, Object value) {
    if (value instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
  }

  private static TemplateException unsupported(
      Rendering rendering, String operator, Object a, Object b) {
    return rendering.error(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator, Values.type(a), Values.type(b)));
  }

  private static Object add(Rendering rendering, Object a, Object b) {
    String left = Values.string(a);
    String right = Values.string(b);
    if (left != null && right != null) {
      if (a instanceof Markup || b instanceof Markup) {
        String html = Texts.escaped(rendering, a);
        return new Markup((String) Texts.concat(rendering, html, Texts.escaped(rendering, b)));
      }
      return Texts.concat(rendering, left, right);
    }
    if (a instanceof SequenceValue x
        && b instanceof SequenceValue y
        && x.isTuple() == y.isTuple()) {
      rendering.list((long) x.items().size() + y.items().size());
      List<Object> items = new ArrayList<>(x.items().size() + y.items().size());
      items.addAll(x.items());
      items.addAll(y.items());
      return x.of(Collections.unmodifiableList(items));
    }
    throw unsupported(rendering, "+", a, b);
  }

  private static Object multiply(Rendering rendering, Object a, Object b) {
    if (Numbers.isInt(a)) {
      return repeat(rendering, b, a, a, b);
    }
    if (Numbers.isInt(b)) {
      return repeat(rendering, a, b, a, b);
    }
    throw unsupported(rendering, "*", a, b);
  }

  private static Object repeat(
      Rendering rendering, Object value, Object count, Object a, Object b) {
    long times = Numbers.index(rendering, count);
    return switch (value) {
      case String text -> Texts.repeat(rendering, text, times);
      case Markup markup -> new Markup(Texts.repeat(rendering, markup.text(), times));
      case SequenceValue sequence -> {
        int size = sequence.items().size();
        long wanted = times <= 0 || size == 0 ? 0 : Math.min(times, 1L << 40) * size;
        rendering.list(wanted);
        List<Object> items = new ArrayList<>((int) wanted);
        for (long i = 0; i < wanted; i += size) {
          items.addAll(sequence.items());
        }
        yield sequence.of(Collections.unmodifiableList(items));
      }
      default -> throw unsupported(rendering, "*", a, b);
    };
  }

  static Object unary(Rendering rendering, char operator, Object value) {
    refuseUndefined(rendering, value);
    if (!Numbers.isNumber(value)) {
      throw rendering.error(
          "bad operand type for unary " + operator + ": '" + Values.type(value) + "'");
    }
    if (operator == '-') {
      return Numbers.negate(value);
    }
    return value instanceof Boolean ? Numbers.exact(Numbers.big(value)) : value;
  }

  static boolean compare(Rendering rendering, String operator, Object a, Object b) {
    return switch (operator) {
      case "==" -> Comparison.equal(rendering, a, b);
      case "!=" -> !Comparison.equal(rendering, a, b);
      case "in" -> Comparison.contains(rendering, b, a);
      case "not in" -> !Comparison.contains(rendering, b, a);
      default -> Comparison.ordered(rendering, operator, a, b);
    };
  }
}
