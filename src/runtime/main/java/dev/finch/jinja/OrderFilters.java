package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Filters that compare items, or add them up. */
final class OrderFilters {

  private final Rendering rendering;
  private final String name;
  private final Object value;
  private final Arguments arguments;

  private OrderFilters(Rendering rendering, String name, Object value, Arguments arguments) {
    this.rendering = rendering;
    this.name = name;
    this.value = value;
    this.arguments = arguments;
  }

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return new OrderFilters(rendering, name, value, arguments).apply();
  }

  private Object apply() {
    return switch (name) {
      case "sort" -> sort();
      case "dictsort" -> dictSort();
      case "groupby" -> groupBy();
      case "sum" -> sum();
      default -> extreme();
    };
  }

  private @Nullable Object[] bind(int required, String... parameters) {
    return arguments.bind(rendering, name, required, parameters);
  }

  private Object sort() {
    @Nullable Object[] given = bind(0, "reverse", "case_sensitive", "attribute");
    boolean fold = !Filters.is(given[1]);
    List<Function<Object, Object>> getters = new ArrayList<>();
    String several = given[2] == null ? null : Values.string(given[2]);
    if (several == null) {
      getters.add(ItemKeys.getter(rendering, given[2], fold, null));
    } else {
      for (String attribute : several.split(",", -1)) {
        getters.add(ItemKeys.getter(rendering, attribute, fold, null));
      }
    }
    Comparison.Key key =
        item -> {
          List<Object> keys = new ArrayList<>(getters.size());
          getters.forEach(getter -> keys.add(getter.apply(item)));
          return new SequenceValue.ListValue(keys);
        };
    return Filters.list(
        Comparison.sorted(rendering, Values.list(rendering, value), key, Filters.is(given[0])));
  }

  private Object dictSort() {
    @Nullable Object[] given = bind(0, "case_sensitive", "by", "reverse");
    Object by = given[1] == null ? "key" : given[1];
    boolean byKey = by.equals("key");
    if (!byKey && !by.equals("value")) {
      throw rendering.error("You can only sort by either \"key\" or \"value\"");
    }
    if (!(value instanceof DictValue dict)) {
      throw rendering.error("'" + Values.type(value) + "' object has no attribute 'items'");
    }
    rendering.list(6L * dict.size());
    Comparison.Key key =
        pair -> {
          List<Object> parts = ((SequenceValue) pair).items();
          Object part = byKey ? parts.getFirst() : parts.getLast();
          return Filters.is(given[0]) ? part : ItemKeys.lower(rendering, part);
        };
    return Filters.list(Comparison.sorted(rendering, dict.items(), key, Filters.is(given[2])));
  }

  private Object groupBy() {
    @Nullable Object[] given = bind(1, "attribute", "default", "case_sensitive");
    boolean fold = !Filters.is(given[2]);
    Function<Object, Object> key = ItemKeys.getter(rendering, given[0], fold, given[1]);
    Function<Object, Object> shown = ItemKeys.getter(rendering, given[0], false, given[1]);
    List<Object> sorted =
        Comparison.sorted(rendering, Values.list(rendering, value), key::apply, false);
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object last = null;
    for (Object item : sorted) {
      Object now = key.apply(item);
      if (last == null || !Comparison.same(rendering, last, now)) {
        group = new ArrayList<>();
        rendering.made(96);
        groups.add(new SequenceValue.Group(shown.apply(item), new SequenceValue.ListValue(group)));
        last = now;
      }
      rendering.made(8);
      group.add(item);
    }
    return Filters.list(groups);
  }

  private Object extreme() {
    @Nullable Object[] given = bind(0, "case_sensitive", "attribute");
    Iterator<Object> items = Values.iterator(rendering, value);
    if (!items.hasNext()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Function<Object, Object> key =
        ItemKeys.getter(rendering, given[1], !Filters.is(given[0]), null);
    String better = name.equals("min") ? "<" : ">";
    Object best = items.next();
    Object bestKey = key.apply(best);
    while (items.hasNext()) {
      rendering.step();
      Object item = items.next();
      Object itemKey = key.apply(item);
      if (Comparison.ordered(rendering, better, itemKey, bestKey)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best;
  }

  private Object sum() {
    @Nullable Object[] given = bind(0, "attribute", "start");
    Function<Object, Object> getter = ItemKeys.getter(rendering, given[0], false, null);
    Object sum = given[1] == null ? 0L : given[1];
    if (Values.string(sum) != null) {
      throw rendering.error("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> items = Values.iterator(rendering, value);
    while (items.hasNext()) {
      rendering.step();
      sum = Operators.binary(rendering, "+", sum, getter.apply(items.next()));
    }
    return sum;
  }
}
