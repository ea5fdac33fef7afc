package dev.finch.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Filters that give their items one by one, when they are asked for. */
final class GeneratorFilters {

  private final Rendering rendering;
  private final String name;
  private final Object value;
  private final Arguments arguments;

  private GeneratorFilters(Rendering rendering, String name, Object value, Arguments arguments) {
    this.rendering = rendering;
    this.name = name;
    this.value = value;
    this.arguments = arguments;
  }

  static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
    return new GeneratorFilters(rendering, name, value, arguments).apply();
  }

  private Object apply() {
    return switch (name) {
      case "unique" -> unique();
      case "batch" -> batch();
      case "slice" -> slice();
      case "map" -> map();
      default -> select();
    };
  }

  private @Nullable Object[] bind(int required, String... parameters) {
    return arguments.bind(rendering, name, required, parameters);
  }

  private Object unique() {
    @Nullable Object[] given = bind(0, "case_sensitive", "attribute");
    Function<Object, Object> key =
        ItemKeys.getter(rendering, given[1], !Filters.is(given[0]), null);
    Set<Object> seen = new HashSet<>();
    Supplier<Iterator<Object>> items = Generators.later(rendering, value);
    return Generators.lazy(
        rendering,
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

  private Object batch() {
    @Nullable Object[] given = bind(1, "linecount", "fill_with");
    Object size = Filters.given(given[0]);
    Object filling = given[1];
    Supplier<Iterator<Object>> items = Generators.later(rendering, value);
    boolean[] begun = {false};
    return Generators.lazy(
        rendering,
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
          if (Filters.isGiven(filling) && filling != null && !items.get().hasNext()) {
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
    return Comparison.equal(rendering, (long) row.size(), size);
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
    return Generators.lazy(
        rendering,
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
          if (Filters.isGiven(filling) && filling != null && number >= extra) {
            part.add(filling);
          }
          return Filters.list(part);
        });
  }

  private Object map() {
    if (!Values.truth(value)) {
      return new IteratorValue("generator", List.of().iterator());
    }
    Supplier<Iterator<Object>> items = Generators.later(rendering, value);
    @Nullable Function<Object, Object>[] mapping = newFunction();
    return Generators.lazy(
        rendering,
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
      return ItemKeys.getter(rendering, given[0], false, given[1]);
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
    Supplier<Iterator<Object>> items = Generators.later(rendering, value);
    boolean wanted = name.startsWith("select");
    @Nullable Function<Object, Object>[] condition = newFunction();
    return Generators.lazy(
        rendering,
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
        from == 1 ? ItemKeys.getter(rendering, given.getFirst(), false, null) : Function.identity();
    if (given.size() == from) {
      return getter;
    }
    String test = called("test", given.get(from), Tests::exists);
    Arguments rest = arguments.rest(from + 1);
    return item -> Tests.holds(rendering, test, getter.apply(item), rest);
  }
}
