package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}. Looks ahead only when it is asked to. */
final class LoopValue implements Callable {

  /** Renders the loop's body for other items. */
  interface Again {
    Object render(Object items, int depth0);
  }

  private final Rendering rendering;
  private final Object iterable;
  private final int depth0;
  private final @Nullable Again again;
  private Iterator<Object> items;
  private int index0 = -1;
  private int length = -1;
  private @Nullable Object before;
  private @Nullable Object current;
  private @Nullable Object after;
  private @Nullable List<Object> lastChanged;

  LoopValue(
      Rendering rendering,
      Object iterable,
      Iterator<Object> items,
      int depth0,
      @Nullable Again again) {
    this.rendering = rendering;
    this.iterable = iterable;
    this.items = items;
    this.depth0 = depth0;
    this.again = again;
  }

  private @Nullable Object peek() {
    if (after == null && items.hasNext()) {
      after = items.next();
    }
    return after;
  }

  /** The next item, or null behind the last. */
  @Nullable Object advance() {
    Object next = after;
    after = null;
    if (next == null) {
      if (!items.hasNext()) {
        return null;
      }
      next = items.next();
    }
    index0++;
    before = current;
    current = next;
    return next;
  }

  long index() {
    return index0 + 1L;
  }

  int length() {
    if (length < 0) {
      length = Values.length(iterable);
    }
    if (length < 0) {
      List<Object> rest = new ArrayList<>();
      while (items.hasNext()) {
        rendering.made(8);
        rendering.step();
        rest.add(items.next());
      }
      items = rest.iterator();
      length = rest.size() + index0 + 1 + (after == null ? 0 : 1);
    }
    return length;
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index();
      case "index0" -> (long) index0;
      case "length" -> (long) length();
      case "revindex" -> (long) length() - index0;
      case "revindex0" -> length() - index();
      case "first" -> index0 == 0;
      case "last" -> peek() == null;
      case "depth" -> depth0 + 1L;
      case "depth0" -> (long) depth0;
      case "previtem" ->
          index0 == 0 || before == null ? new Undefined("there is no previous item") : before;
      case "nextitem" -> {
        Object next = peek();
        yield next == null ? new Undefined("there is no next item") : next;
      }
      case "cycle", "changed" -> new Method(this, name);
      default -> null;
    };
  }

  Object cycle(Arguments arguments) {
    List<Object> choices = arguments.positional();
    if (choices.isEmpty()) {
      throw rendering.error("no items for cycling given");
    }
    return choices.get(index0 % choices.size());
  }

  Object changed(Arguments arguments) {
    List<Object> now = arguments.positional();
    List<Object> last = lastChanged;
    if (last != null
        && Comparison.equal(
            rendering, new SequenceValue.TupleValue(last), new SequenceValue.TupleValue(now))) {
      return false;
    }
    lastChanged = now;
    return true;
  }

  @Override
  public Object call(Rendering rendering, Arguments arguments) {
    Again render = again;
    if (render == null) {
      throw rendering.error("The loop must have the 'recursive' marker to be called recursively.");
    }
    @Nullable Object[] values = arguments.bind(rendering, "loop", 1, "iterable");
    Object items = values[0] == null ? None.NONE : values[0];
    return render.render(items, depth0 + 1);
  }

  @Override
  public String description() {
    return "<LoopContext>";
  }
}
