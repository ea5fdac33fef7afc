package dev.finch.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all values have: a type, a truth, a length, items; and equality and order. */
final class Values {

  private static final int INPUT_DEPTH = 400;
  private static final String[] ASCII = new String[128];

  static {
    for (int i = 0; i < ASCII.length; i++) {
      ASCII[i] = Character.toString(i);
    }
  }

  private Values() {}

  /** A template's value for a Java value: JSON's types, in lists and maps. */
  static Object of(@Nullable Object value) {
    return of(value, 0);
  }

  private static Object of(@Nullable Object value, int depth) {
    if (depth > INPUT_DEPTH) {
      throw new TemplateException(
          TemplateException.Kind.EXHAUSTED, "values nest deeper than " + INPUT_DEPTH, 1, 1);
    }
    return switch (value) {
      case null -> None.NONE;
      case String text -> text;
      case Boolean truth -> truth;
      case Long number -> number;
      case Integer number -> number.longValue();
      case BigInteger number -> Numbers.exact(number);
      case Number number -> number.doubleValue();
      case Map<?, ?> map -> {
        DictValue dict = new DictValue(map.size());
        map.forEach((key, item) -> dict.put(String.valueOf(key), of(item, depth + 1)));
        yield dict;
      }
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(of(item, depth + 1)));
        yield new SequenceValue.ListValue(items);
      }
      case DictValue _, SequenceValue _, None _ -> value;
      default -> throw new IllegalArgumentException("no template value: " + value.getClass());
    };
  }

  /** Python's name of a value's type. */
  static String type(Object value) {
    return switch (value) {
      case None _ -> "NoneType";
      case Boolean _ -> "bool";
      case Long _, BigInteger _ -> "int";
      case Double _ -> "float";
      case String _ -> "str";
      case Markup _ -> "Markup";
      case SequenceValue.ListValue _ -> "list";
      case SequenceValue _ -> "tuple";
      case DictValue _ -> "dict";
      case RangeValue _ -> "range";
      case Undefined _ -> "Undefined";
      case IteratorValue iterator -> iterator.type();
      case DictView view ->
          switch (view.kind()) {
            case KEYS -> "dict_keys";
            case VALUES -> "dict_values";
            case ITEMS -> "dict_items";
          };
      case Namespace _ -> "Namespace";
      case LoopValue _ -> "LoopContext";
      case MacroValue _ -> "Macro";
      default -> "function";
    };
  }

  /** The text of a string, be it HTML or not; null where the value is none. */
  static @Nullable String string(Object value) {
    return value instanceof String text
        ? text
        : value instanceof Markup markup ? markup.text() : null;
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case None _, Undefined _ -> false;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case SequenceValue sequence -> !sequence.items().isEmpty();
      case DictValue dict -> dict.size() > 0;
      case DictView view -> view.dict().size() > 0;
      case RangeValue range -> range.size() > 0;
      case Markup markup -> !markup.text().isEmpty();
      default -> true;
    };
  }

  /** Python's {@code len}; -1 where a value has none. */
  static int length(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case Markup markup -> markup.text().codePointCount(0, markup.text().length());
      case SequenceValue sequence -> sequence.items().size();
      case DictValue dict -> dict.size();
      case DictView view -> view.dict().size();
      case RangeValue range -> range.size();
      case Undefined _ -> 0;
      case LoopValue loop -> loop.length();
      default -> -1;
    };
  }

  static String character(int codePoint) {
    return codePoint < ASCII.length ? ASCII[codePoint] : Character.toString(codePoint);
  }

  /** The characters of a text, each a text. */
  static List<Object> characters(Rendering rendering, String text) {
    rendering.list(3L * text.length());
    List<Object> characters = new ArrayList<>(text.length());
    text.codePoints().forEach(c -> characters.add(character(c)));
    return characters;
  }

  /** A value's items, or null where it cannot be gone through. */
  static @Nullable Iterator<Object> iteratorOrNull(Rendering rendering, Object value) {
    return switch (value) {
      case SequenceValue sequence -> sequence.items().iterator();
      case String text -> characters(rendering, text).iterator();
      case Markup markup -> characters(rendering, markup.text()).iterator();
      case DictValue dict -> dict.keys().iterator();
      case DictView view -> view.items().iterator();
      case RangeValue range -> range.items().iterator();
      case IteratorValue iterator -> iterator.items();
      case Undefined _ -> Collections.emptyIterator();
      default -> null;
    };
  }

  static Iterator<Object> iterator(Rendering rendering, Object value) {
    Iterator<Object> items = iteratorOrNull(rendering, value);
    if (items == null) {
      throw rendering.error("'" + type(value) + "' object is not iterable");
    }
    return items;
  }

  /** All items, in a list that nobody else changes. */
  static List<Object> list(Rendering rendering, Object value) {
    if (value instanceof SequenceValue sequence) {
      return sequence.items();
    }
    Iterator<Object> items = iterator(rendering, value);
    List<Object> list = new ArrayList<>();
    rendering.made(32);
    while (items.hasNext()) {
      rendering.made(8);
      rendering.step();
      list.add(items.next());
    }
    return list;
  }
}
