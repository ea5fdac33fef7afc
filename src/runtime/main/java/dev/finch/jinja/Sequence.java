package dev.finch.jinja;

import java.util.List;

/** A list or a tuple. Templates cannot change either. */
sealed interface Sequence {

  List<Object> items();

  Sequence of(List<Object> items);

  record ListValue(List<Object> items) implements Sequence {
    @Override
    public Sequence of(List<Object> other) {
      return new ListValue(other);
    }
  }

  record TupleValue(List<Object> items) implements Sequence {
    TupleValue(Object... items) {
      this(List.of(items));
    }

    @Override
    public Sequence of(List<Object> other) {
      return new TupleValue(other);
    }
  }

  /** What {@code groupby} makes: a tuple whose parts have names. */
  record Group(Object grouper, ListValue list) implements Sequence {
    @Override
    public List<Object> items() {
      return List.of(grouper, list);
    }

    @Override
    public Sequence of(List<Object> other) {
      return new TupleValue(other);
    }
  }

  default boolean isTuple() {
    return !(this instanceof ListValue);
  }
}
