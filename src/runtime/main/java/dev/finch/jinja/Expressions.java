package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. */
final class Expressions {

  private final Rendering rendering;

  Expressions(Rendering rendering) {
    this.rendering = rendering;
  }

  Object eval(Expr expr, Frame frame) {
    if (expr instanceof Expr.Name name) {
      rendering.step();
      Object value = frame.get(name.slot());
      return value == null ? Undefined.name(name.id()) : value;
    }
    if (expr instanceof Expr.Literal literal) {
      rendering.step();
      return literal.value();
    }
    rendering.enter();
    Object value = evalInner(expr, frame);
    rendering.leave();
    return value;
  }

  private Object evalInner(Expr expr, Frame frame) {
    return switch (expr) {
      case Expr.Attribute attribute -> {
        Object object = eval(attribute.object(), frame);
        rendering.at = attribute.at();
        yield Access.attribute(rendering, object, attribute.name());
      }
      case Expr.Item item -> item(item, frame);
      case Expr.Compare compare -> compare(compare, frame);
      case Expr.And and -> {
        Object left = eval(and.left(), frame);
        yield Values.truth(left) ? eval(and.right(), frame) : left;
      }
      case Expr.Or or -> {
        Object left = eval(or.left(), frame);
        yield Values.truth(left) ? left : eval(or.right(), frame);
      }
      case Expr.Not not -> !Values.truth(eval(not.operand(), frame));
      case Expr.Call call -> call(call, frame, null);
      case Expr.Filter filter -> filter(filter, frame);
      case Expr.Test test -> test(test, frame);
      case Expr.Binary binary -> {
        Object left = eval(binary.left(), frame);
        Object right = eval(binary.right(), frame);
        rendering.at = binary.at();
        yield Operators.binary(rendering, binary.operator(), left, right);
      }
      case Expr.Concat concat -> concat(concat, frame);
      case Expr.Conditional conditional -> conditional(conditional, frame);
      case Expr.Unary unary -> {
        Object value = eval(unary.operand(), frame);
        rendering.at = unary.at();
        yield Operators.unary(rendering, unary.operator(), value);
      }
      case Expr.ListOf list -> new SequenceValue.ListValue(all(list.items(), frame));
      case Expr.TupleOf tuple -> new SequenceValue.TupleValue(all(tuple.items(), frame));
      case Expr.DictOf dict -> dict(dict, frame);
      case Expr.Slice slice -> {
        rendering.at = slice.at();
        throw rendering.error("a slice stands only in square brackets");
      }
      case Expr.Name _, Expr.Literal _ -> throw new IllegalStateException("evaluated before");
    };
  }

  private List<Object> all(List<Expr> exprs, Frame frame) {
    rendering.list(exprs.size());
    List<Object> values = new ArrayList<>(exprs.size());
    for (int i = 0; i < exprs.size(); i++) {
      values.add(eval(exprs.get(i), frame));
    }
    return Collections.unmodifiableList(values);
  }

  private Object dict(Expr.DictOf dict, Frame frame) {
    rendering.list(8L * dict.keys().size());
    DictValue value = new DictValue(dict.keys().size());
    for (int i = 0; i < dict.keys().size(); i++) {
      Object key = eval(dict.keys().get(i), frame);
      Object item = eval(dict.values().get(i), frame);
      rendering.at = dict.at();
      value.put(rendering, key, item);
    }
    return value;
  }

  private Object item(Expr.Item item, Frame frame) {
    Object object = eval(item.object(), frame);
    if (item.key() instanceof Expr.Slice slice) {
      Object start = optional(slice.start(), frame);
      Object stop = optional(slice.stop(), frame);
      Object step = optional(slice.step(), frame);
      rendering.at = item.at();
      return Access.slice(rendering, object, start, stop, step);
    }
    Object key = eval(item.key(), frame);
    rendering.at = item.at();
    return Access.item(rendering, object, key);
  }

  private @Nullable Object optional(@Nullable Expr expr, Frame frame) {
    return expr == null ? null : eval(expr, frame);
  }

  private Object compare(Expr.Compare compare, Frame frame) {
    Object left = eval(compare.first(), frame);
    for (int i = 0; i < compare.operators().size(); i++) {
      Object right = eval(compare.rest().get(i), frame);
      rendering.at = compare.at();
      if (!Operators.compare(rendering, compare.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Object conditional(Expr.Conditional conditional, Frame frame) {
    if (Values.truth(eval(conditional.test(), frame))) {
      return eval(conditional.then(), frame);
    }
    return conditional.otherwise() == null
        ? new Undefined(
            "the inline if-expression evaluated to false and no else section was defined.")
        : eval(conditional.otherwise(), frame);
  }

  private Object concat(Expr.Concat concat, Frame frame) {
    List<Object> values = new ArrayList<>(concat.items().size());
    boolean html = false;
    for (Expr item : concat.items()) {
      Object value = eval(item, frame);
      html |= value instanceof Markup;
      values.add(value);
    }
    html &= rendering.autoescape;
    rendering.at = concat.at();
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      String part = html ? Texts.escaped(rendering, value) : Texts.str(rendering, value);
      rendering.text(part.length());
      text.append(part);
    }
    rendering.made(text.length());
    return html ? new Markup(text.toString()) : text.toString();
  }

  /**
   * What a call gives.
   *
   * @param caller the body of a call block, or null
   */
  Object call(Expr.Call call, Frame frame, @Nullable MacroValue caller) {
    Object callee = eval(call.callee(), frame);
    Arguments arguments = arguments(call.arguments(), frame);
    if (caller != null) {
      arguments = arguments.with("caller", caller);
    }
    rendering.at = call.at();
    if (callee instanceof Callable callable) {
      return callable.call(rendering, arguments);
    }
    if (callee instanceof Undefined undefined) {
      throw rendering.error(undefined.message());
    }
    throw rendering.error("'" + Values.type(callee) + "' object is not callable");
  }

  private Arguments arguments(Expr.Arguments arguments, Frame frame) {
    if (arguments.isPlain() && arguments.positional().isEmpty()) {
      return Arguments.NONE;
    }
    List<Object> positional = new ArrayList<>(arguments.positional().size());
    for (int i = 0; i < arguments.positional().size(); i++) {
      positional.add(eval(arguments.positional().get(i), frame));
    }
    if (arguments.isPlain()) {
      return new Arguments(positional, Map.of());
    }
    if (arguments.star() != null) {
      Iterator<Object> more = Values.iterator(rendering, eval(arguments.star(), frame));
      while (more.hasNext()) {
        rendering.made(8);
        rendering.step();
        positional.add(more.next());
      }
    }
    return new Arguments(positional, named(arguments, frame));
  }

  private Map<String, Object> named(Expr.Arguments arguments, Frame frame) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < arguments.named().size(); i++) {
      named.put(arguments.names().get(i), eval(arguments.named().get(i), frame));
    }
    if (arguments.starStar() != null) {
      Object more = eval(arguments.starStar(), frame);
      if (!(more instanceof DictValue dict)) {
        throw rendering.error("argument after ** must be a mapping, not " + Values.type(more));
      }
      rendering.list(8L * dict.size());
      dict.forEach(
          (key, value) -> {
            String name = Values.string(key);
            if (name == null) {
              throw rendering.error("keywords must be strings");
            }
            if (named.put(name, value) != null) {
              throw rendering.error("got multiple values for keyword argument '" + name + "'");
            }
          });
    }
    return named;
  }

  private Object filter(Expr.Filter filter, Frame frame) {
    Expr input = filter.input();
    if (input == null) {
      throw new IllegalStateException("a filter without a value");
    }
    return filter(filter, eval(input, frame), frame);
  }

  /** What a chain of filters makes of a block's text. */
  Object filtered(Expr.Filter filter, Object text, Frame frame) {
    rendering.enter();
    Object value =
        filter.input() instanceof Expr.Filter inner ? filtered(inner, text, frame) : text;
    rendering.leave();
    return filter(filter, value, frame);
  }

  private Object filter(Expr.Filter filter, Object value, Frame frame) {
    Arguments arguments = arguments(filter.arguments(), frame);
    rendering.at = filter.at();
    return Filters.apply(rendering, filter.name(), value, arguments);
  }

  private Object test(Expr.Test test, Frame frame) {
    Object value = eval(test.input(), frame);
    Arguments arguments = arguments(test.arguments(), frame);
    rendering.at = test.at();
    return Tests.holds(rendering, test.name(), value, arguments);
  }
}
