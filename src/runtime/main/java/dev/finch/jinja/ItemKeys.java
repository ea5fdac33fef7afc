package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What of an item a filter looks at. */
final class ItemKeys {

  private ItemKeys() {}

  /** Texts in small letters; all else as it is. */
  static Object lower(Rendering rendering, Object key) {
    String text = Values.string(key);
    if (text == null) {
      return key;
    }
    rendering.text(text.length());
    return text.toLowerCase(Locale.ROOT);
  }

  /** The value of an attribute with dots in it. */
  static Function<Object, Object> getter(
      Rendering rendering, @Nullable Object attribute, boolean fold, @Nullable Object otherwise) {
    List<Object> path = path(attribute);
    return item -> {
      Object found = item;
      for (Object part : path) {
        rendering.step();
        found = Access.item(rendering, found, part);
        if (Filters.isGiven(otherwise) && found instanceof Undefined) {
          found = otherwise == null ? None.NONE : otherwise;
        }
      }
      return fold ? lower(rendering, found) : found;
    };
  }

  private static List<Object> path(@Nullable Object attribute) {
    if (!Filters.isGiven(attribute) || attribute == null) {
      return List.of();
    }
    String text = Values.string(attribute);
    if (text == null) {
      return List.of(attribute);
    }
    List<Object> path = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      boolean number =
          !part.isEmpty() && part.length() < 18 && part.chars().allMatch(PythonCharacters::isDigit);
      path.add(number ? (Object) Long.valueOf(part) : part);
    }
    return path;
  }
}
