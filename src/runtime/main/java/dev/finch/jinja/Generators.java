package dev.finch.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Python's generators, as filters make them. */
final class Generators {

  private Generators() {}

  /** Makes items when they are asked for. */
  static Object lazy(Rendering rendering, Supplier<@Nullable Object> source) {
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
  static Supplier<Iterator<Object>> later(Rendering rendering, Object value) {
    return new Supplier<>() {
      private @Nullable Iterator<Object> items;

      @Override
      public Iterator<Object> get() {
        Iterator<Object> known = items;
        if (known == null) {
          known = Values.iterator(rendering, value);
          items = known;
        }
        return known;
      }
    };
  }
}
