package dev.finch.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a call block, with the variables around it. */
final class MacroValue implements Callable {

  private final Evaluator evaluator;
  private final Stmt.Function function;
  private final Frame outer;
  private final boolean autoescape;

  MacroValue(Evaluator evaluator, Stmt.Function function, Frame outer, boolean autoescape) {
    this.evaluator = evaluator;
    this.function = function;
    this.outer = outer;
    this.autoescape = autoescape;
  }

  String name() {
    return function.name();
  }

  private boolean uses(Slot slot) {
    return slot.index >= 0;
  }

  @Nullable Object attribute(String name) {
    return switch (name) {
      case "name" -> function.name().isEmpty() ? None.NONE : function.name();
      case "arguments" -> {
        List<Object> names = new ArrayList<>();
        function.parameters().forEach(parameter -> names.add(parameter.id()));
        yield new SequenceValue.TupleValue(names);
      }
      case "catch_kwargs" -> uses(function.keywords());
      case "catch_varargs" -> uses(function.rest());
      case "caller" -> uses(function.caller()) || hasParameter("caller");
      case "explicit_caller" -> hasParameter("caller");
      default -> null;
    };
  }

  private boolean hasParameter(String name) {
    return function.parameters().stream().anyMatch(parameter -> parameter.id().equals(name));
  }

  @Override
  public Object call(Rendering rendering, Arguments arguments) {
    Frame frame = new Frame(function.scope().size, outer);
    rendering.list(function.scope().size);
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    parameters(frame, arguments, named);
    special(rendering, frame, arguments, named);
    int place = rendering.at;
    String text = evaluator.body(function, frame, autoescape);
    rendering.at = place;
    return rendering.autoescape ? new Markup(text) : text;
  }

  private void parameters(Frame frame, Arguments arguments, Map<String, Object> named) {
    for (int i = 0; i < function.parameters().size(); i++) {
      Target.Variable parameter = function.parameters().get(i);
      Object value =
          i < arguments.positional().size()
              ? arguments.positional().get(i)
              : named.remove(parameter.id());
      frame.set(parameter.slot(), value);
    }
  }

  private void special(
      Rendering rendering, Frame frame, Arguments arguments, Map<String, Object> named) {
    int count = function.parameters().size();
    if (uses(function.caller())) {
      Object caller = named.remove("caller");
      frame.set(
          function.caller(),
          caller == null || caller == None.NONE ? new Undefined("No caller defined") : caller);
    }
    if (uses(function.keywords())) {
      DictValue rest = new DictValue(named.size());
      named.forEach(rest::put);
      frame.set(function.keywords(), rest);
    } else if (!named.isEmpty()) {
      throw rendering.error(
          named.containsKey("caller")
              ? "macro '" + name() + "' was invoked with two values for the special caller argument"
              : "macro '"
                  + name()
                  + "' takes no keyword argument '"
                  + named.keySet().iterator().next()
                  + "'");
    }
    if (uses(function.rest())) {
      int from = Math.min(count, arguments.positional().size());
      frame.set(function.rest(), new SequenceValue.TupleValue(arguments.rest(from).positional()));
    } else if (arguments.positional().size() > count) {
      throw rendering.error("macro '" + name() + "' takes not more than " + count + " argument(s)");
    }
  }

  @Override
  public String description() {
    return "<Macro>";
  }
}
