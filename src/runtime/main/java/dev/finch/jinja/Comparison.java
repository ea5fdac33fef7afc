package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Equality, order and membership of values, as Python's operators have them. */
final class Comparison {

  private Comparison() {}

  static boolean equal(Rendering rendering, Object a, Object b) {
    if (identical(a, b)) {
      return !(a instanceof Double number) || !number.isNaN();
    }
    return switch (a) {
      case String text ->
          b instanceof String other
              ? equalText(rendering, text, other)
              : b instanceof Markup markup && text.equals(markup.text());
      case Markup markup -> markup.text().equals(Values.string(b));
      case Long number when b instanceof Long other -> number.longValue() == other.longValue();
      case Number _, Boolean _ -> Numbers.isNumber(b) && Numbers.equal(a, b);
      case SequenceValue left ->
          b instanceof SequenceValue right
              && left.isTuple() == right.isTuple()
              && equalItems(rendering, left.items(), right.items());
      case DictValue left -> b instanceof DictValue right && equalDicts(rendering, left, right);
      case DictView left ->
          b instanceof DictView right
              && left.kind() == right.kind()
              && left.kind() != DictView.Kind.VALUES
              && equalViews(rendering, left, right);
      case RangeValue left ->
          b instanceof RangeValue right && equalItems(rendering, left.items(), right.items());
      case Undefined _ -> b instanceof Undefined;
      case Namespace _, IteratorValue _, LoopValue _, MacroValue _ -> false;
      default -> a.equals(b);
    };
  }

  private static boolean equalText(Rendering rendering, String a, String b) {
    if (a.length() != b.length()) {
      return false;
    }
    if (a.length() > 64) {
      rendering.characters(a.length());
    }
    return a.equals(b);
  }

  /** Python's {@code is}. */
  @SuppressWarnings("ReferenceEquality")
  static boolean identical(Object a, Object b) {
    return a == b;
  }

  /** As Python compares items: the same object is equal to itself. */
  static boolean same(Rendering rendering, Object a, Object b) {
    return identical(a, b) || equal(rendering, a, b);
  }

  private static boolean equalItems(Rendering rendering, List<Object> a, List<Object> b) {
    if (a.size() != b.size()) {
      return false;
    }
    rendering.enter();
    boolean equal = true;
    for (int i = 0; i < a.size() && equal; i++) {
      rendering.step();
      equal = same(rendering, a.get(i), b.get(i));
    }
    rendering.leave();
    return equal;
  }

  private static boolean equalDicts(Rendering rendering, DictValue a, DictValue b) {
    if (a.size() != b.size()) {
      return false;
    }
    rendering.enter();
    boolean equal = true;
    for (Map.Entry<Object, Object> entry : a.byNormalKey().entrySet()) {
      rendering.step();
      Object other = b.get(entry.getKey());
      if (other == null || !same(rendering, entry.getValue(), other)) {
        equal = false;
        break;
      }
    }
    rendering.leave();
    return equal;
  }

  private static boolean equalViews(Rendering rendering, DictView a, DictView b) {
    return a.kind() == DictView.Kind.KEYS
        ? a.dict().byNormalKey().keySet().equals(b.dict().byNormalKey().keySet())
        : equalDicts(rendering, a.dict(), b.dict());
  }

  /** Python's {@code a < b}, {@code a <= b} and so on. */
  static boolean ordered(Rendering rendering, String operator, Object a, Object b) {
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return Numbers.ordered(operator, a, b);
    }
    String left = Values.string(a);
    String right = Values.string(b);
    if (left != null && right != null) {
      rendering.characters(Math.min(left.length(), right.length()));
      return holds(operator, Texts.compare(left, right));
    }
    if (a instanceof SequenceValue x
        && b instanceof SequenceValue y
        && x.isTuple() == y.isTuple()) {
      return orderedItems(rendering, operator, x.items(), y.items());
    }
    if (a instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    if (b instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    throw rendering.error(
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(operator, Values.type(a), Values.type(b)));
  }

  private static boolean orderedItems(
      Rendering rendering, String operator, List<Object> a, List<Object> b) {
    rendering.enter();
    try {
      for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
        rendering.step();
        if (!same(rendering, a.get(i), b.get(i))) {
          return ordered(rendering, operator, a.get(i), b.get(i));
        }
      }
      return holds(operator, Integer.compare(a.size(), b.size()));
    } finally {
      rendering.leave();
    }
  }

  static boolean holds(String operator, int comparison) {
    return switch (operator) {
      case "<" -> comparison < 0;
      case "<=" -> comparison <= 0;
      case ">" -> comparison > 0;
      default -> comparison >= 0;
    };
  }

  /** Python's {@code item in container}. */
  static boolean contains(Rendering rendering, Object container, Object item) {
    switch (container) {
      case DictValue dict -> {
        return dict.contains(Keys.of(rendering, item));
      }
      case DictView view when view.kind() == DictView.Kind.KEYS -> {
        return view.dict().contains(Keys.of(rendering, item));
      }
      case String text -> {
        return Texts.contains(rendering, text, item);
      }
      case Markup markup -> {
        return Texts.contains(rendering, markup.text(), item);
      }
      default -> {}
    }
    Iterator<Object> items = Values.iteratorOrNull(rendering, container);
    if (items == null) {
      throw rendering.error("argument of type '" + Values.type(container) + "' is not iterable");
    }
    while (items.hasNext()) {
      rendering.step();
      if (same(rendering, items.next(), item)) {
        return true;
      }
    }
    return false;
  }

  /** Sorts as Python does: stable, and only by {@code <}. */
  static List<Object> sorted(Rendering rendering, List<Object> items, Key key, boolean reverse) {
    List<Object[]> keyed = new ArrayList<>(items.size());
    rendering.list(6L * items.size());
    for (Object item : items) {
      keyed.add(new Object[] {key.of(item), item});
    }
    if (reverse) {
      Collections.reverse(keyed);
    }
    List<Object[]> sorted = merge(rendering, keyed);
    if (reverse) {
      sorted = new ArrayList<>(sorted);
      Collections.reverse(sorted);
    }
    List<Object> result = new ArrayList<>(sorted.size());
    sorted.forEach(pair -> result.add(pair[1]));
    return result;
  }

  interface Key {
    Object of(Object item);
  }

  private static List<Object[]> merge(Rendering rendering, List<Object[]> items) {
    if (items.size() < 2) {
      return items;
    }
    int middle = items.size() / 2;
    List<Object[]> left = merge(rendering, items.subList(0, middle));
    List<Object[]> right = merge(rendering, items.subList(middle, items.size()));
    List<Object[]> merged = new ArrayList<>(items.size());
    rendering.steps(items.size());
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      boolean second = ordered(rendering, "<", right.get(j)[0], left.get(i)[0]);
      merged.add(second ? right.get(j++) : left.get(i++));
    }
    merged.addAll(left.subList(i, left.size()));
    merged.addAll(right.subList(j, right.size()));
    return merged;
  }
}
