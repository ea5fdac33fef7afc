package dev.finch.jinja;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands behind {@code is}. */
final class Tests {

  private static final Set<String> ALL =
      Set.of(
          "odd",
          "even",
          "divisibleby",
          "defined",
          "undefined",
          "filter",
          "test",
          "none",
          "boolean",
          "false",
          "true",
          "integer",
          "float",
          "lower",
          "upper",
          "string",
          "mapping",
          "number",
          "sequence",
          "iterable",
          "callable",
          "sameas",
          "escaped",
          "in",
          "==",
          "eq",
          "equalto",
          "!=",
          "ne",
          ">",
          "gt",
          "greaterthan",
          "ge",
          ">=",
          "<",
          "lt",
          "lessthan",
          "<=",
          "le");

  private Tests() {}

  static boolean exists(String name) {
    return ALL.contains(name);
  }

  static boolean holds(Rendering rendering, String name, Object value, Arguments arguments) {
    return switch (name) {
      case "defined" -> none(rendering, name, arguments) && !(value instanceof Undefined);
      case "undefined" -> none(rendering, name, arguments) && value instanceof Undefined;
      case "none" -> none(rendering, name, arguments) && value == None.NONE;
      case "string" -> none(rendering, name, arguments) && Values.string(value) != null;
      case "mapping" -> none(rendering, name, arguments) && value instanceof DictValue;
      case "true" -> none(rendering, name, arguments) && Boolean.TRUE.equals(value);
      case "false" -> none(rendering, name, arguments) && Boolean.FALSE.equals(value);
      case "boolean" -> none(rendering, name, arguments) && value instanceof Boolean;
      case "integer" ->
          none(rendering, name, arguments) && Numbers.isInt(value) && !(value instanceof Boolean);
      case "float" -> none(rendering, name, arguments) && value instanceof Double;
      case "number" -> none(rendering, name, arguments) && Numbers.isNumber(value);
      case "iterable" -> none(rendering, name, arguments) && isIterable(value);
      case "sequence" -> none(rendering, name, arguments) && isSequence(value);
      case "callable" ->
          none(rendering, name, arguments)
              && (value instanceof Callable || value instanceof Undefined);
      case "escaped" -> none(rendering, name, arguments) && value instanceof Markup;
      case "filter" -> none(rendering, name, arguments) && isName(rendering, value, true);
      case "test" -> none(rendering, name, arguments) && isName(rendering, value, false);
      case "odd" ->
          none(rendering, name, arguments)
              && Comparison.equal(rendering, modulo(rendering, value, 2L), 1L);
      case "even" ->
          none(rendering, name, arguments)
              && Comparison.equal(rendering, modulo(rendering, value, 2L), 0L);
      case "divisibleby" ->
          Comparison.equal(
              rendering,
              Operators.binary(rendering, "%", value, one(rendering, name, arguments)),
              0L);
      case "lower", "upper" ->
          none(rendering, name, arguments)
              && TextCase.isCased(Texts.str(rendering, value), name.equals("upper"));
      case "sameas" -> isSame(value, one(rendering, name, arguments));
      case "in" -> Comparison.contains(rendering, one(rendering, name, arguments), value);
      default -> compare(rendering, name, value, arguments);
    };
  }

  private static boolean compare(
      Rendering rendering, String name, Object value, Arguments arguments) {
    String operator =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "==", "eq", "equalto" -> "==";
          case "!=", "ne" -> "!=";
          case ">", "gt", "greaterthan" -> ">";
          case ">=", "ge" -> ">=";
          case "<", "lt", "lessthan" -> "<";
          case "<=", "le" -> "<=";
          default -> throw rendering.error("No test named '" + name + "'.");
        };
    return Operators.compare(rendering, operator, value, one(rendering, name, arguments));
  }

  private static boolean none(Rendering rendering, String name, Arguments arguments) {
    if (!arguments.positional().isEmpty() || !arguments.named().isEmpty()) {
      throw rendering.error("the test '" + name + "' takes no arguments");
    }
    return true;
  }

  private static Object one(Rendering rendering, String name, Arguments arguments) {
    String parameter =
        switch (name) {
          case "divisibleby" -> "num";
          case "in" -> "seq";
          default -> "other";
        };
    @Nullable Object[] values = arguments.bind(rendering, name, 1, parameter);
    return values[0] == null ? None.NONE : values[0];
  }

  private static Object modulo(Rendering rendering, Object value, Object by) {
    return Operators.binary(rendering, "%", value, by);
  }

  private static boolean isIterable(Object value) {
    return Values.string(value) != null
        || value instanceof SequenceValue
        || value instanceof DictValue
        || value instanceof DictView
        || value instanceof RangeValue
        || value instanceof IteratorValue
        || value instanceof LoopValue
        || value instanceof Undefined;
  }

  private static boolean isSequence(Object value) {
    return Values.string(value) != null
        || value instanceof SequenceValue
        || value instanceof DictValue
        || value instanceof RangeValue
        || value instanceof Undefined;
  }

  private static boolean isName(Rendering rendering, Object value, boolean filter) {
    String name = Values.string(value);
    if (name == null && !Keys.isHashable(rendering, value)) {
      throw rendering.error("unhashable type: '" + Values.type(value) + "'");
    }
    return name != null && (filter ? Filters.exists(name) : exists(name));
  }

  /** The same object; small ints, texts and constants are objects of which there is one. */
  private static boolean isSame(Object a, Object b) {
    if (Comparison.identical(a, b)) {
      return true;
    }
    return switch (a) {
      case Long x -> b instanceof Long y && x.longValue() == y.longValue();
      case String x -> x.equals(b);
      case Boolean x -> x.equals(b);
      case SequenceValue x ->
          x.isTuple()
              && x.items().isEmpty()
              && b instanceof SequenceValue y
              && y.isTuple()
              && y.items().isEmpty();
      default -> false;
    };
  }
}
