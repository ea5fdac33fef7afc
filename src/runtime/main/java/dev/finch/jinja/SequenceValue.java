package dev.finch.jinja;

import java.util.List;

/** A list or a tuple. Templates cannot change either. */
sealed interface SequenceValue {

  List<Object> items();

  SequenceValue of(List<Object> items);

  record ListValue(List<Object> items) implements SequenceValue {
    @Override
    public SequenceValue of(List<Object> other) {
      return new ListValue(other);
    }
  }

  record TupleValue(List<Object> items) implements SequenceValue {
    TupleValue(Object... items) {
      this(List.of(items));
    }

    @Override
    public SequenceValue of(List<Object> other) {
      return new TupleValue(other);
    }
  }

  /** What {@code groupby} makes: a tuple whose parts have names. */
  record Group(Object grouper, ListValue list) implements SequenceValue {
    @Override
    public List<Object> items() {
      return List.of(grouper, list);
    }

    @Override
    public SequenceValue of(List<Object> other) {
      return new TupleValue(other);
    }
  }

  default boolean isTuple() {
    return !(this instanceof ListValue);
  }
}
