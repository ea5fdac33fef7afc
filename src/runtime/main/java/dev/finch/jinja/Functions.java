package dev.finch.jinja;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions that every template has. */
final class Functions {

  private record Global(String name) implements Callable {
    @Override
    public Object call(Rendering rendering, Arguments arguments) {
      return switch (name) {
        case "range" -> range(rendering, arguments);
        case "dict" -> dict(rendering, arguments);
        case "namespace" -> namespace(rendering, arguments);
        case "cycler" -> new Cycler(rendering, arguments);
        case "joiner" -> {
          Object separator = arguments.bind(rendering, "joiner", 0, "sep")[0];
          yield new Joiner(separator == null ? ", " : separator);
        }
        case "raise_exception" -> {
          Object message = arguments.bind(rendering, "raise_exception", 1, "message")[0];
          throw rendering.refusal(Texts.str(rendering, message == null ? None.NONE : message));
        }
        case "strftime_now" -> {
          Object format = arguments.bind(rendering, "strftime_now", 1, "format")[0];
          yield Dates.format(
              rendering,
              rendering.now(),
              Texts.string(rendering, format == null ? None.NONE : format, "the format"));
        }
        default -> throw rendering.unsupported("the function " + name + "() is not supported");
      };
    }

    @Override
    public String description() {
      return switch (name) {
        case "dict" -> "<class 'dict'>";
        case "namespace", "cycler", "joiner" ->
            "<class 'jinja2.utils."
                + Character.toUpperCase(name.charAt(0))
                + name.substring(1)
                + "'>";
        default -> "<function " + name + ">";
      };
    }
  }

  private static final List<Global> ALL =
      List.of(
          new Global("range"),
          new Global("dict"),
          new Global("namespace"),
          new Global("cycler"),
          new Global("joiner"),
          new Global("lipsum"),
          new Global("raise_exception"),
          new Global("strftime_now"));

  private Functions() {}

  static @Nullable Object global(String name) {
    for (Global global : ALL) {
      if (global.name().equals(name)) {
        return global;
      }
    }
    return null;
  }

  private static Object range(Rendering rendering, Arguments arguments) {
    List<Object> bounds = arguments.positional();
    if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
      throw rendering.error("range expected 1 to 3 arguments, got " + bounds.size());
    }
    // An int that is no long makes a range that is too big, or an empty one.
    long limit = 1L << 60;
    long[] values = new long[3];
    for (int i = 0; i < bounds.size(); i++) {
      values[i] = Math.clamp(Numbers.index(rendering, bounds.get(i)), -limit, limit);
    }
    return bounds.size() == 1
        ? RangeValue.of(rendering, 0, values[0], 1)
        : RangeValue.of(rendering, values[0], values[1], bounds.size() == 3 ? values[2] : 1);
  }

  static DictValue dict(Rendering rendering, Arguments arguments) {
    if (arguments.positional().size() > 1) {
      throw rendering.error(
          "dict expected at most 1 argument, got " + arguments.positional().size());
    }
    DictValue dict = new DictValue(8);
    if (!arguments.positional().isEmpty()) {
      Object source = arguments.positional().getFirst();
      if (source instanceof DictValue other) {
        rendering.list(8L * other.size());
        other.forEach((key, value) -> dict.put(rendering, key, value));
      } else {
        Iterator<Object> pairs = Values.iterator(rendering, source);
        while (pairs.hasNext()) {
          List<Object> pair = Values.list(rendering, pairs.next());
          if (pair.size() != 2) {
            throw rendering.error(
                "dictionary update sequence element has length " + pair.size() + "; 2 is required");
          }
          rendering.made(64);
          dict.put(rendering, pair.get(0), pair.get(1));
        }
      }
    }
    rendering.list(8L * arguments.named().size());
    arguments.named().forEach(dict::put);
    return dict;
  }

  private static Object namespace(Rendering rendering, Arguments arguments) {
    Namespace namespace = new Namespace();
    dict(rendering, arguments)
        .forEach(
            (key, value) ->
                namespace.attributes().put(Texts.string(rendering, key, "an attribute"), value));
    return namespace;
  }

  /** Goes round. */
  static final class Cycler {
    private final List<Object> items;
    private int position;

    Cycler(Rendering rendering, Arguments arguments) {
      if (!arguments.named().isEmpty()) {
        throw rendering.error("cycler() got an unexpected keyword argument");
      }
      items = arguments.positional();
      if (items.isEmpty()) {
        throw rendering.error("at least one item has to be provided");
      }
    }

    Object current() {
      return items.get(position);
    }

    Object next() {
      Object value = current();
      position = (position + 1) % items.size();
      return value;
    }

    Object reset() {
      position = 0;
      return None.NONE;
    }

    @Nullable Object attribute(String name) {
      return switch (name) {
        case "current" -> current();
        case "pos" -> (long) position;
        case "items" -> new SequenceValue.TupleValue(items);
        case "next", "reset" -> new Method(this, name);
        default -> null;
      };
    }
  }

  /** Says nothing the first time, then what separates. */
  static final class Joiner implements Callable {
    private final Object separator;
    private boolean used;

    Joiner(Object separator) {
      this.separator = separator;
    }

    @Override
    public Object call(Rendering rendering, Arguments arguments) {
      arguments.bind(rendering, "joiner", 0);
      Object value = used ? separator : "";
      used = true;
      return value;
    }

    @Override
    public String description() {
      return "<jinja2.utils.Joiner object>";
    }
  }
}
