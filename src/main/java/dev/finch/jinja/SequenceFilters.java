package dev.finch.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Filters of lists and of all that can be gone through. */
final class SequenceFilters {

  private final Rendering rendering;
  private final String name;
  private final Object value;
  private final Arguments arguments;

  private SequenceFilters(Rendering rendering, String name, Object value, Arguments arguments) {
    this.rendering = rendering;
    this.name = name;
    this.value = value;
    this.arguments = arguments;
  }

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return new SequenceFilters(rendering, name, value, arguments).apply();
  }

  private @Nullable Object[] bind(int required, String... parameters) {
    return arguments.bind(rendering, name, required, parameters);
  }

  private static boolean is(@Nullable Object value) {
    return value != null && Values.truth(value);
  }

  private static boolean isGiven(@Nullable Object value) {
    return value != null && !(value instanceof None);
  }

  private Iterator<Object> items() {
    return Values.iterator(rendering, value);
  }

  private Object apply() {
    return switch (name) {
      case "first" -> {
        bind(0);
        Iterator<Object> items = items();
        yield items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
      }
      case "last" -> {
        bind(0);
        List<Object> items = reversible();
        yield items.isEmpty()
            ? new Undefined("No last item, sequence was empty.")
            : items.getLast();
      }
      case "random" -> {
        bind(0);
        List<Object> items = Values.list(rendering, value);
        yield items.isEmpty()
            ? new Undefined("No random item, sequence was empty.")
            : items.get(ThreadLocalRandom.current().nextInt(items.size()));
      }
      case "list" -> {
        bind(0);
        rendering.list(Math.max(0, Values.length(value)));
        yield Filters.list(Values.list(rendering, value));
      }
      case "items" -> {
        bind(0);
        if (!(value instanceof DictValue) && !(value instanceof Undefined)) {
          throw rendering.error("Can only get item pairs from a mapping.");
        }
        List<Object> pairs = value instanceof DictValue dict ? dict.items() : List.of();
        rendering.list(6L * pairs.size());
        yield new IteratorValue("generator", pairs.iterator());
      }
      case "reverse" -> reverse();
      case "sort" -> sort();
      case "dictsort" -> dictSort();
      case "groupby" -> groupBy();
      case "unique" -> unique();
      case "min", "max" -> extreme();
      case "sum" -> sum();
      case "batch" -> batch();
      case "slice" -> slice();
      case "map" -> map();
      default -> select();
    };
  }

  /** What {@code reversed} takes, in its order. */
  private List<Object> reversible() {
    if (value instanceof IteratorValue || Values.iteratorOrNull(rendering, value) == null) {
      if (value instanceof Undefined) {
        return List.of();
      }
      throw rendering.error("'" + Values.type(value) + "' object is not reversible");
    }
    return Values.list(rendering, value);
  }

  private Object reverse() {
    bind(0);
    String text = Values.string(value);
    if (text != null) {
      rendering.text(text.length());
      String reversed = new StringBuilder(text).reverse().toString();
      return value instanceof Markup ? new Markup(reversed) : reversed;
    }
    if (Values.iteratorOrNull(rendering, value) == null) {
      throw rendering.error("argument must be iterable");
    }
    List<Object> items = Values.list(rendering, value);
    rendering.list(items.size());
    List<Object> reversed = new ArrayList<>(items.reversed());
    return value instanceof IteratorValue
        ? Filters.list(reversed)
        : new IteratorValue(Values.type(value) + "_reverseiterator", reversed.iterator());
  }

  private Object lower(Object key) {
    String text = Values.string(key);
    if (text == null) {
      return key;
    }
    rendering.text(text.length());
    return text.toLowerCase(Locale.ROOT);
  }

  /** The value of an attribute with dots in it. */
  private Function<Object, Object> getter(
      @Nullable Object attribute, boolean fold, @Nullable Object otherwise) {
    List<Object> path = path(attribute);
    return item -> {
      Object found = item;
      for (Object part : path) {
        rendering.step();
        found = Access.item(rendering, found, part);
        if (isGiven(otherwise) && found instanceof Undefined) {
          found = otherwise == null ? None.NONE : otherwise;
        }
      }
      return fold ? lower(found) : found;
    };
  }

  private static List<Object> path(@Nullable Object attribute) {
    if (!isGiven(attribute) || attribute == null) {
      return List.of();
    }
    String text = Values.string(attribute);
    if (text == null) {
      return List.of(attribute);
    }
    List<Object> path = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      boolean number =
          !part.isEmpty() && part.length() < 18 && part.chars().allMatch(Characters::isDigit);
      path.add(number ? (Object) Long.valueOf(part) : part);
    }
    return path;
  }

  private Object sort() {
    @Nullable Object[] given = bind(0, "reverse", "case_sensitive", "attribute");
    boolean fold = !is(given[1]);
    List<Function<Object, Object>> getters = new ArrayList<>();
    String several = given[2] == null ? null : Values.string(given[2]);
    if (several == null) {
      getters.add(getter(given[2], fold, null));
    } else {
      for (String attribute : several.split(",", -1)) {
        getters.add(getter(attribute, fold, null));
      }
    }
    Values.Key key =
        item -> {
          List<Object> keys = new ArrayList<>(getters.size());
          getters.forEach(getter -> keys.add(getter.apply(item)));
          return new Sequence.ListValue(keys);
        };
    return Filters.list(Values.sorted(rendering, Values.list(rendering, value), key, is(given[0])));
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
    Values.Key key =
        pair -> {
          List<Object> parts = ((Sequence) pair).items();
          Object part = byKey ? parts.getFirst() : parts.getLast();
          return is(given[0]) ? part : lower(part);
        };
    return Filters.list(Values.sorted(rendering, dict.items(), key, is(given[2])));
  }

  private Object groupBy() {
    @Nullable Object[] given = bind(1, "attribute", "default", "case_sensitive");
    boolean fold = !is(given[2]);
    Function<Object, Object> key = getter(given[0], fold, given[1]);
    Function<Object, Object> shown = getter(given[0], false, given[1]);
    List<Object> sorted =
        Values.sorted(rendering, Values.list(rendering, value), key::apply, false);
    List<Object> groups = new ArrayList<>();
    List<Object> group = new ArrayList<>();
    Object last = null;
    for (Object item : sorted) {
      Object now = key.apply(item);
      if (last == null || !Values.same(rendering, last, now)) {
        group = new ArrayList<>();
        rendering.made(96);
        groups.add(new Sequence.Group(shown.apply(item), new Sequence.ListValue(group)));
        last = now;
      }
      rendering.made(8);
      group.add(item);
    }
    return Filters.list(groups);
  }

  /** Makes items when they are asked for. */
  private Object lazy(Supplier<@Nullable Object> source) {
    return new IteratorValue(
        "generator",
        new Iterator<>() {
          private @Nullable Object next;
          private boolean ended;

          @Override
          public boolean hasNext() {
            if (next == null && !ended) {
              // Generators read from generators: each is a level of recursion.
              rendering.enter();
              next = source.get();
              rendering.leave();
              ended = next == null;
            }
            return next != null;
          }

          @Override
          public Object next() {
            Object item = hasNext() ? next : null;
            next = null;
            if (item == null) {
              throw new NoSuchElementException();
            }
            return item;
          }
        });
  }

  /** The items, looked up when the first is asked for. */
  private Supplier<Iterator<Object>> later() {
    return new Supplier<>() {
      private @Nullable Iterator<Object> items;

      @Override
      public Iterator<Object> get() {
        Iterator<Object> known = items;
        if (known == null) {
          known = items();
          items = known;
        }
        return known;
      }
    };
  }

  private Object unique() {
    @Nullable Object[] given = bind(0, "case_sensitive", "attribute");
    Function<Object, Object> key = getter(given[1], !is(given[0]), null);
    Set<Object> seen = new HashSet<>();
    Supplier<Iterator<Object>> items = later();
    return lazy(
        () -> {
          while (items.get().hasNext()) {
            rendering.made(48);
            Object item = items.get().next();
            if (seen.add(Keys.of(rendering, key.apply(item)))) {
              return item;
            }
          }
          return null;
        });
  }

  private Object extreme() {
    @Nullable Object[] given = bind(0, "case_sensitive", "attribute");
    Iterator<Object> items = items();
    if (!items.hasNext()) {
      return new Undefined("No aggregated item, sequence was empty.");
    }
    Function<Object, Object> key = getter(given[1], !is(given[0]), null);
    String better = name.equals("min") ? "<" : ">";
    Object best = items.next();
    Object bestKey = key.apply(best);
    while (items.hasNext()) {
      rendering.step();
      Object item = items.next();
      Object itemKey = key.apply(item);
      if (Values.ordered(rendering, better, itemKey, bestKey)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best;
  }

  private Object sum() {
    @Nullable Object[] given = bind(0, "attribute", "start");
    Function<Object, Object> getter = getter(given[0], false, null);
    Object sum = given[1] == null ? 0L : given[1];
    if (Values.string(sum) != null) {
      throw rendering.error("sum() can't sum strings [use ''.join(seq) instead]");
    }
    Iterator<Object> items = items();
    while (items.hasNext()) {
      rendering.step();
      sum = Operators.binary(rendering, "+", sum, getter.apply(items.next()));
    }
    return sum;
  }

  private Object batch() {
    @Nullable Object[] given = bind(1, "linecount", "fill_with");
    Object size = Filters.given(given[0]);
    Object filling = given[1];
    Supplier<Iterator<Object>> items = later();
    boolean[] begun = {false};
    return lazy(
        () -> {
          List<Object> row = new ArrayList<>();
          // A row is full before the next item comes: even an empty one, if no item fits in.
          boolean first = !begun[0];
          begun[0] = true;
          if (first && items.get().hasNext() && isFull(row, size)) {
            return Filters.list(row);
          }
          while (items.get().hasNext() && (row.isEmpty() || !isFull(row, size))) {
            rendering.made(8);
            rendering.step();
            row.add(items.get().next());
          }
          if (row.isEmpty()) {
            return null;
          }
          if (isGiven(filling) && filling != null && !items.get().hasNext()) {
            long missing = Numbers.index(rendering, size) - row.size();
            rendering.list(Math.max(0, missing));
            for (long i = 0; i < missing; i++) {
              row.add(filling);
            }
          }
          return Filters.list(row);
        });
  }

  private boolean isFull(List<Object> row, Object size) {
    return Values.equal(rendering, (long) row.size(), size);
  }

  private Object slice() {
    @Nullable Object[] given = bind(1, "slices", "fill_with");
    Object filling = given[1];
    int[] state = {0, 0};
    Supplier<List<Object>> items =
        new Supplier<>() {
          private @Nullable List<Object> all;

          @Override
          public List<Object> get() {
            List<Object> known = all;
            if (known == null) {
              known = Values.list(rendering, value);
              all = known;
            }
            return known;
          }
        };
    return lazy(
        () -> {
          long slices = Numbers.index(rendering, Filters.given(given[0]));
          List<Object> all = items.get();
          if (slices == 0) {
            throw rendering.error("integer division or modulo by zero");
          }
          if (state[0] >= slices) {
            return null;
          }
          long size = all.size() / slices;
          long extra = all.size() % slices;
          int number = state[0]++;
          long start = state[1] + number * size;
          state[1] += number < extra ? 1 : 0;
          long end = state[1] + (number + 1) * size;
          rendering.list(end - start);
          List<Object> part = new ArrayList<>(all.subList((int) start, (int) end));
          if (isGiven(filling) && filling != null && number >= extra) {
            part.add(filling);
          }
          return Filters.list(part);
        });
  }

  private Object map() {
    if (!Values.truth(value)) {
      return new IteratorValue("generator", List.of().iterator());
    }
    Supplier<Iterator<Object>> items = later();
    @Nullable Function<Object, Object>[] mapping = newFunction();
    return lazy(
        () -> {
          Function<Object, Object> known = mapping[0];
          if (known == null) {
            known = mapping();
            mapping[0] = known;
          }
          if (!items.get().hasNext()) {
            return null;
          }
          rendering.step();
          return known.apply(items.get().next());
        });
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Function<Object, Object>[] newFunction() {
    return (@Nullable Function<Object, Object>[]) new Function[1];
  }

  private Function<Object, Object> mapping() {
    if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
      @Nullable Object[] given =
          new Arguments(List.of(), arguments.named())
              .bind(rendering, "map", 0, "attribute", "default");
      return getter(given[0], false, given[1]);
    }
    if (arguments.positional().isEmpty()) {
      throw rendering.error("map requires a filter argument");
    }
    String filter = called("filter", arguments.positional().getFirst(), Filters::exists);
    Arguments rest = arguments.rest(1);
    return item -> Filters.apply(rendering, filter, item, rest);
  }

  private interface Known {
    boolean exists(String name);
  }

  private String called(String what, Object name, Known known) {
    String text = Values.string(name);
    if (text == null || !known.exists(text)) {
      throw rendering.error("No " + what + " named " + Texts.repr(rendering, name) + ".");
    }
    return text;
  }

  private Object select() {
    if (!Values.truth(value)) {
      return new IteratorValue("generator", List.of().iterator());
    }
    Supplier<Iterator<Object>> items = later();
    boolean wanted = name.startsWith("select");
    @Nullable Function<Object, Object>[] condition = newFunction();
    return lazy(
        () -> {
          Function<Object, Object> known = condition[0];
          if (known == null) {
            known = condition();
            condition[0] = known;
          }
          while (items.get().hasNext()) {
            rendering.step();
            Object item = items.get().next();
            if (Values.truth(known.apply(item)) == wanted) {
              return item;
            }
          }
          return null;
        });
  }

  private Function<Object, Object> condition() {
    int from = name.endsWith("attr") ? 1 : 0;
    List<Object> given = arguments.positional();
    if (given.size() < from) {
      throw rendering.error("Missing parameter for attribute name");
    }
    Function<Object, Object> getter =
        from == 1 ? getter(given.getFirst(), false, null) : Function.identity();
    if (given.size() == from) {
      return getter;
    }
    String test = called("test", given.get(from), Tests::exists);
    Arguments rest = arguments.rest(from + 1);
    return item -> Tests.holds(rendering, test, getter.apply(item), rest);
  }
}
