package dev.finch.jinja;

import org.jspecify.annotations.Nullable;

/** The variables of a running function: of the template, a macro, or a recursive loop. */
final class Frame {

  /** Null is what is not defined; None is {@link None}. */
  final @Nullable Object[] values;

  private final @Nullable Frame outer;

  Frame(int size, @Nullable Frame outer) {
    values = new @Nullable Object[size];
    this.outer = outer;
  }

  private Frame holder(Slot slot) {
    Frame frame = this;
    for (int i = slot.hops; i > 0; i--) {
      Frame next = frame.outer;
      if (next == null) {
        throw new IllegalStateException("a name was resolved outside of its template");
      }
      frame = next;
    }
    return frame;
  }

  @Nullable Object get(Slot slot) {
    return holder(slot).values[slot.index];
  }

  void set(Slot slot, @Nullable Object value) {
    holder(slot).values[slot.index] = value;
  }
}
