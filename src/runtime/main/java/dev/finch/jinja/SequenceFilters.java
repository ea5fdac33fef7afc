package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
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
      case "sort", "dictsort", "groupby", "min", "max", "sum" ->
          OrderFilters.apply(rendering, name, value, arguments);
      default -> GeneratorFilters.apply(rendering, name, value, arguments);
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
}
