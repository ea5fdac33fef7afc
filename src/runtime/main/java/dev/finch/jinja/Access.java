package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes, items and slices, as the immutable sandbox gives them out. */
final class Access {

  private Access() {}

  /** {@code object.name}: the attribute first, then the item. */
  static Object attribute(Rendering rendering, Object object, String name) {
    if (object instanceof DictValue dict) {
      Object value = Methods.isDictMethod(name) ? null : dict.get(name);
      if (value != null) {
        return value;
      }
    }
    Object value = own(rendering, object, name);
    return value == null ? Undefined.member(object, name) : value;
  }

  /** An attribute that is no item; undefined where it may not be used, null where there is none. */
  static @Nullable Object own(Rendering rendering, Object object, String name) {
    if (object instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    if (name.startsWith("_")) {
      boolean hidden =
          name.startsWith("__")
              || (object instanceof Namespace namespace
                  && namespace.attributes().containsKey(name));
      return hidden ? Undefined.unsafe(object, name) : null;
    }
    return switch (object) {
      case Namespace namespace -> namespace.attributes().get(name);
      case LoopValue loop -> loop.attribute(name);
      case MacroValue macro -> macro.attribute(name);
      case Functions.Cycler cycler -> cycler.attribute(name);
      case SequenceValue.Group group when name.equals("grouper") -> group.grouper();
      case SequenceValue.Group group when name.equals("list") -> group.list();
      default -> Methods.attribute(object, name);
    };
  }

  /** {@code object[key]}: the item first, then the attribute. */
  static Object item(Rendering rendering, Object object, Object key) {
    Object value =
        switch (object) {
          case DictValue dict ->
              key instanceof String name
                  ? dict.get(name)
                  : Keys.isHashable(rendering, key) ? dict.get(Keys.of(rendering, key)) : null;
          case SequenceValue sequence when Numbers.isInt(key) ->
              at(rendering, sequence.items(), key);
          case RangeValue range when Numbers.isInt(key) -> at(rendering, range.items(), key);
          case String text when Numbers.isInt(key) ->
              Texts.characterAt(rendering, text, Numbers.index(rendering, key));
          case Markup markup when Numbers.isInt(key) -> {
            String character =
                Texts.characterAt(rendering, markup.text(), Numbers.index(rendering, key));
            yield character == null ? null : new Markup(character);
          }
          case Undefined undefined -> throw rendering.error(undefined.message());
          default -> null;
        };
    if (value == null) {
      String name = Values.string(key);
      value = name == null ? null : own(rendering, object, name);
    }
    return value == null ? Undefined.member(object, key) : value;
  }

  private static @Nullable Object at(Rendering rendering, List<Object> items, Object key) {
    long index = Numbers.index(rendering, key);
    long place = index < 0 ? index + items.size() : index;
    return place >= 0 && place < items.size() ? items.get((int) place) : null;
  }

  /** {@code object[start:stop:step]}; null is what is left out. */
  static Object slice(
      Rendering rendering,
      Object object,
      @Nullable Object start,
      @Nullable Object stop,
      @Nullable Object step) {
    String text = Values.string(object);
    if (text != null) {
      String part = slice(rendering, text, start, stop, step);
      return object instanceof Markup ? new Markup(part) : part;
    }
    return switch (object) {
      case SequenceValue sequence -> {
        Bounds bounds = bounds(rendering, sequence.items().size(), start, stop, step);
        rendering.list(bounds.count());
        List<Object> items = new ArrayList<>(bounds.count());
        for (int i = 0; i < bounds.count(); i++) {
          items.add(sequence.items().get(bounds.at(i)));
        }
        yield sequence.of(Collections.unmodifiableList(items));
      }
      case RangeValue range -> {
        Bounds bounds = bounds(rendering, range.size(), start, stop, step);
        long first = range.start() + range.step() * bounds.first();
        long stride = range.step() * bounds.step();
        yield new RangeValue(
            first, range.start() + range.step() * bounds.stop(), stride, bounds.count());
      }
      case DictValue _ -> throw rendering.error("unhashable type: 'slice'");
      case Undefined undefined -> throw rendering.error(undefined.message());
      default -> throw rendering.error("'" + Values.type(object) + "' object is not subscriptable");
    };
  }

  private static String slice(
      Rendering rendering,
      String text,
      @Nullable Object start,
      @Nullable Object stop,
      @Nullable Object step) {
    rendering.characters(text.length());
    boolean flat = Texts.isFlat(text);
    int length = flat ? text.length() : text.codePointCount(0, text.length());
    Bounds bounds = bounds(rendering, length, start, stop, step);
    rendering.text(2L * bounds.count());
    if (bounds.step() == 1) {
      int from = (int) bounds.first();
      int to = from + bounds.count();
      return flat
          ? text.substring(from, to)
          : text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
    }
    StringBuilder part = new StringBuilder(bounds.count());
    if (flat) {
      for (int i = 0; i < bounds.count(); i++) {
        part.append(text.charAt(bounds.at(i)));
      }
    } else {
      rendering.made(4L * length);
      int[] points = text.codePoints().toArray();
      for (int i = 0; i < bounds.count(); i++) {
        part.appendCodePoint(points[bounds.at(i)]);
      }
    }
    return part.toString();
  }

  private record Bounds(long first, long stop, long step, int count) {
    int at(int i) {
      return (int) (first + step * i);
    }
  }

  private static Bounds bounds(
      Rendering rendering,
      int length,
      @Nullable Object start,
      @Nullable Object stop,
      @Nullable Object step) {
    long limit = 1L << 40;
    long stride = Math.clamp(bound(rendering, step, 1), -limit, limit);
    if (stride == 0) {
      throw rendering.error("slice step cannot be zero");
    }
    long low = stride > 0 ? 0 : -1;
    long high = stride > 0 ? length : length - 1L;
    long first = place(bound(rendering, start, stride > 0 ? 0 : limit), length, low, high);
    long last =
        stop == null || stop instanceof None
            ? (stride > 0 ? high : low)
            : place(bound(rendering, stop, 0), length, low, high);
    long count =
        stride > 0
            ? Math.max(0, (last - first + stride - 1) / stride)
            : Math.max(0, (first - last - stride - 1) / -stride);
    return new Bounds(first, last, stride, (int) count);
  }

  private static long bound(Rendering rendering, @Nullable Object value, long otherwise) {
    if (value == null || value instanceof None) {
      return otherwise;
    }
    if (!Numbers.isInt(value)) {
      throw rendering.error("slice indices must be integers or None or have an __index__ method");
    }
    return Numbers.index(rendering, value);
  }

  private static long place(long index, int length, long low, long high) {
    long limit = 1L << 40;
    long near = Math.clamp(index, -limit, limit);
    return Math.clamp(near < 0 ? near + length : near, low, high);
  }
}
