package dev.finch.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods and attributes of Python's built-in types, without those that change a value. */
final class Methods {

  private static final Set<String> DICT =
      Set.of(
          "clear",
          "copy",
          "fromkeys",
          "get",
          "items",
          "keys",
          "pop",
          "popitem",
          "setdefault",
          "update",
          "values");
  private static final Set<String> CHANGES_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> CHANGES_LIST =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> INT =
      Set.of("bit_length", "bit_count", "conjugate", "as_integer_ratio", "to_bytes", "from_bytes");
  private static final Set<String> FLOAT =
      Set.of("is_integer", "hex", "conjugate", "as_integer_ratio", "fromhex");

  private Methods() {}

  static boolean isDictMethod(String name) {
    return DICT.contains(name);
  }

  static @Nullable Object attribute(Object object, String name) {
    return switch (object) {
      case String _, Markup _ -> TextMethods.exists(name) ? new Method(object, name) : null;
      case DictValue _ ->
          CHANGES_DICT.contains(name)
              ? Undefined.unsafe(object, name)
              : DICT.contains(name) ? new Method(object, name) : null;
      case SequenceValue sequence -> {
        if (!sequence.isTuple() && CHANGES_LIST.contains(name)) {
          yield Undefined.unsafe(object, name);
        }
        boolean method =
            name.equals("count")
                || name.equals("index")
                || (name.equals("copy") && !sequence.isTuple());
        yield method ? new Method(object, name) : null;
      }
      case RangeValue range ->
          switch (name) {
            case "start" -> range.start();
            case "stop" -> range.stop();
            case "step" -> range.step();
            case "count", "index" -> new Method(object, name);
            default -> null;
          };
      case Double number ->
          switch (name) {
            case "real" -> number;
            case "imag" -> 0.0;
            default -> FLOAT.contains(name) ? new Method(object, name) : null;
          };
      case Number _, Boolean _ ->
          switch (name) {
            case "real", "numerator" -> Numbers.exact(Numbers.big(object));
            case "imag" -> 0L;
            case "denominator" -> 1L;
            default -> INT.contains(name) ? new Method(object, name) : null;
          };
      case DictView _ -> name.equals("isdisjoint") ? new Method(object, name) : null;
      default -> null;
    };
  }

  static Object call(Rendering rendering, Object self, String name, Arguments arguments) {
    return switch (self) {
      case String text -> TextMethods.call(rendering, text, name, arguments);
      case Markup markup -> HtmlMethods.call(rendering, markup, name, arguments);
      case DictValue dict -> onDict(rendering, dict, name, arguments);
      case SequenceValue sequence -> onItems(rendering, self, sequence.items(), name, arguments);
      case RangeValue range -> onItems(rendering, self, range.items(), name, arguments);
      case LoopValue loop -> name.equals("cycle") ? loop.cycle(arguments) : loop.changed(arguments);
      case Functions.Cycler cycler -> name.equals("next") ? cycler.next() : cycler.reset();
      case DictView view -> isDisjoint(rendering, view, arguments);
      case Double number -> onFloat(rendering, number, name, arguments);
      default -> onInt(rendering, self, name, arguments);
    };
  }

  private static Object onDict(
      Rendering rendering, DictValue dict, String name, Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw rendering.error("dict." + name + "() takes no keyword arguments");
    }
    if (name.equals("get")) {
      @Nullable Object[] values = arguments.bind(rendering, "get", 1, "key", "default");
      Object value = values[0] == null ? null : dict.get(Keys.of(rendering, values[0]));
      Object otherwise = values[1] == null ? None.NONE : values[1];
      return value == null ? otherwise : value;
    }
    if (name.equals("fromkeys")) {
      @Nullable Object[] values = arguments.bind(rendering, "fromkeys", 1, "iterable", "value");
      DictValue made = new DictValue(8);
      Iterator<Object> keys = Values.iterator(rendering, given(values[0]));
      while (keys.hasNext()) {
        rendering.made(64);
        made.put(rendering, keys.next(), given(values[1]));
      }
      return made;
    }
    arguments.bind(rendering, name, 0);
    rendering.list(8L * dict.size());
    return switch (name) {
      case "items" -> new DictView(dict, DictView.Kind.ITEMS);
      case "keys" -> new DictView(dict, DictView.Kind.KEYS);
      case "values" -> new DictView(dict, DictView.Kind.VALUES);
      default -> dict;
    };
  }

  private static Object given(@Nullable Object value) {
    return value == null ? None.NONE : value;
  }

  private static Object onItems(
      Rendering rendering, Object self, List<Object> items, String name, Arguments arguments) {
    if (name.equals("copy")) {
      arguments.bind(rendering, name, 0);
      return self;
    }
    @Nullable Object[] values = arguments.bind(rendering, name, 1, "value", "start", "stop");
    Object wanted = given(values[0]);
    long count = 0;
    long from = place(rendering, values[1], 0, items.size());
    long to = place(rendering, values[2], items.size(), items.size());
    for (int i = (int) from; i < to; i++) {
      rendering.step();
      if (Comparison.same(rendering, items.get(i), wanted)) {
        if (name.equals("index")) {
          return (long) i;
        }
        count++;
      }
    }
    if (name.equals("index")) {
      throw rendering.error(Texts.repr(rendering, wanted) + " is not in " + Values.type(self));
    }
    return count;
  }

  /** Python's way to read a start or an end. */
  static long place(Rendering rendering, @Nullable Object value, long otherwise, long length) {
    if (value == null || value instanceof None) {
      return otherwise;
    }
    long index = Math.clamp(Numbers.index(rendering, value), -(1L << 40), 1L << 40);
    return Math.clamp(index < 0 ? index + length : index, 0, length);
  }

  private static Object isDisjoint(Rendering rendering, DictView view, Arguments arguments) {
    @Nullable Object[] values = arguments.bind(rendering, "isdisjoint", 1, "other");
    Iterator<Object> others = Values.iterator(rendering, given(values[0]));
    while (others.hasNext()) {
      if (Comparison.contains(rendering, view, others.next())) {
        return false;
      }
    }
    return true;
  }

  private static Object onFloat(
      Rendering rendering, double number, String name, Arguments arguments) {
    return switch (name) {
      case "is_integer" -> {
        arguments.bind(rendering, name, 0);
        yield Double.isFinite(number) && number == Math.rint(number);
      }
      case "conjugate" -> number;
      default -> throw rendering.unsupported("float." + name + "() is not supported");
    };
  }

  private static Object onInt(
      Rendering rendering, Object number, String name, Arguments arguments) {
    if (!name.equals("to_bytes") && !name.equals("from_bytes")) {
      arguments.bind(rendering, name, 0);
    }
    return switch (name) {
      case "bit_length" -> (long) Numbers.big(number).abs().bitLength();
      case "bit_count" -> (long) Numbers.big(number).abs().bitCount();
      case "conjugate" -> Numbers.exact(Numbers.big(number));
      case "as_integer_ratio" ->
          new SequenceValue.TupleValue(Numbers.exact(Numbers.big(number)), 1L);
      default -> throw rendering.unsupported("int." + name + "() is not supported");
    };
  }
}
