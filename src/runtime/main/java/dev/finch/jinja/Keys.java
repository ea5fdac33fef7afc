package dev.finch.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** What stands for a value in a table, so that values that Python holds equal are one key. */
final class Keys {

  private record OfTuple(List<Object> items) {}

  private enum Special {
    UNDEFINED
  }

  private Keys() {}

  /** The key of a value; refuses what Python cannot hash. */
  static Object of(Rendering rendering, Object value) {
    return switch (value) {
      case String text -> text;
      case Long number -> number;
      case Boolean truth -> truth ? 1L : 0L;
      case Double number -> ofDouble(number);
      case Markup markup -> markup.text();
      case Undefined _ -> Special.UNDEFINED;
      case SequenceValue.ListValue _ -> throw unhashable(rendering, "list");
      case DictValue _ -> throw unhashable(rendering, "dict");
      case DictView view when view.kind() != DictView.Kind.VALUES ->
          throw unhashable(rendering, Values.type(view));
      case SequenceValue tuple -> {
        rendering.enter();
        List<Object> items = new ArrayList<>();
        for (Object item : tuple.items()) {
          rendering.made(24);
          items.add(of(rendering, item));
        }
        rendering.leave();
        yield new OfTuple(items);
      }
      default -> value;
    };
  }

  /** Whether Python can hash a value. */
  static boolean isHashable(Rendering rendering, Object value) {
    rendering.enter();
    boolean hashable =
        switch (value) {
          case SequenceValue.ListValue _, DictValue _ -> false;
          case DictView view -> view.kind() == DictView.Kind.VALUES;
          case SequenceValue tuple ->
              tuple.items().stream().allMatch(item -> isHashable(rendering, item));
          default -> true;
        };
    rendering.leave();
    return hashable;
  }

  private static Object ofDouble(double number) {
    if (number != Math.rint(number) || Double.isInfinite(number)) {
      return number;
    }
    return Math.abs(number) < 1L << 62
        ? (Object) (long) number
        : new BigDecimal(number).toBigInteger();
  }

  private static TemplateException unhashable(Rendering rendering, String type) {
    return rendering.error("unhashable type: '" + type + "'");
  }
}
