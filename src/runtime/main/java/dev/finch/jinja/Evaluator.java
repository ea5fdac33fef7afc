package dev.finch.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Carries out a template's statements. */
final class Evaluator {

  /** How a statement ended. */
  enum End {
    NORMAL,
    BREAK,
    CONTINUE
  }

  private final Rendering rendering;
  private final Expressions expressions;
  private final Assignments assignments;
  private final Loops loops;

  Evaluator(Rendering rendering) {
    this.rendering = rendering;
    this.expressions = new Expressions(rendering);
    this.assignments = new Assignments(rendering);
    this.loops = new Loops(rendering, this, assignments);
  }

  String template(List<Stmt> body, Scope scope) {
    StringBuilder out = new StringBuilder();
    Frame frame = new Frame(scope.size, null);
    scope.enter(frame, rendering);
    run(body, frame, out);
    return out.toString();
  }

  Object eval(Expr expr, Frame frame) {
    return expressions.eval(expr, frame);
  }

  End run(List<Stmt> body, Frame frame, StringBuilder out) {
    rendering.enter();
    End end = End.NORMAL;
    for (int i = 0; i < body.size() && end == End.NORMAL; i++) {
      end = run(body.get(i), frame, out);
    }
    rendering.leave();
    return end;
  }

  private End run(Stmt stmt, Frame frame, StringBuilder out) {
    rendering.step();
    return switch (stmt) {
      case Stmt.Text text -> {
        append(out, text.text());
        yield End.NORMAL;
      }
      case Stmt.Print print -> {
        print(out, eval(print.value(), frame));
        yield End.NORMAL;
      }
      case Stmt.If branches -> branch(branches, frame, out);
      case Stmt.For loop -> loops.loop(loop, frame, out);
      case Stmt.Set set -> {
        assignments.set(set.target(), () -> eval(set.value(), frame), frame);
        yield End.NORMAL;
      }
      case Stmt.SetBlock set -> setBlock(set, frame);
      case Stmt.With with -> with(with, frame, out);
      case Stmt.FilterBlock filter -> filterBlock(filter, frame, out);
      case Stmt.Macro macro -> {
        Object value = new MacroValue(this, macro.function(), frame, rendering.autoescape);
        assignments.assign(macro.name(), value, frame);
        yield End.NORMAL;
      }
      case Stmt.CallBlock call -> {
        callBlock(call, frame, out);
        yield End.NORMAL;
      }
      case Stmt.Autoescape autoescape -> autoescape(autoescape, frame, out);
      case Stmt.Block block -> {
        block(block, frame, out);
        yield End.NORMAL;
      }
      case Stmt.Break _ -> End.BREAK;
      case Stmt.Continue _ -> End.CONTINUE;
    };
  }

  private void append(StringBuilder out, String text) {
    rendering.made(text.length());
    rendering.steps(text.length() >> 6);
    if (out.length() + (long) text.length() > rendering.outputLimit()) {
      throw rendering.exhausted(
          "the text grows longer than " + rendering.outputLimit() + " characters");
    }
    out.append(text);
  }

  void print(StringBuilder out, Object value) {
    if (value instanceof String text && !rendering.autoescape) {
      append(out, text);
    } else {
      append(
          out,
          rendering.autoescape ? Texts.escaped(rendering, value) : Texts.str(rendering, value));
    }
  }

  /** Writes what a filter or a call made for a block, which Jinja2 takes only as text. */
  private void printText(StringBuilder out, Object value) {
    String text = Values.string(value);
    if (text == null) {
      throw rendering.error("expected str instance, " + Values.type(value) + " found");
    }
    append(out, text);
  }

  private End branch(Stmt.If branches, Frame frame, StringBuilder out) {
    for (int i = 0; i < branches.branches().size(); i++) {
      Stmt.Branch branch = branches.branches().get(i);
      if (Values.truth(eval(branch.test(), frame))) {
        return run(branch.body(), frame, out);
      }
    }
    return branches.otherwise().isEmpty() ? End.NORMAL : run(branches.otherwise(), frame, out);
  }

  /** Text that a block made, in the form that the escaping in force asks for. */
  Object html(String text) {
    return rendering.autoescape ? new Markup(text) : text;
  }

  private End setBlock(Stmt.SetBlock set, Frame frame) {
    StringBuilder text = new StringBuilder();
    set.scope().enter(frame, rendering);
    End end = run(set.body(), frame, text);
    if (end == End.NORMAL) {
      rendering.made(text.length());
      Object value = html(text.toString());
      if (set.filter() != null) {
        value = expressions.filtered(set.filter(), value, frame);
        value = rendering.autoescape ? new Markup(Texts.str(rendering, value)) : value;
      }
      assignments.assign(set.target(), value, frame);
      set.scope().leave(frame);
    }
    return end;
  }

  private End with(Stmt.With with, Frame frame, StringBuilder out) {
    with.scope().enter(frame, rendering);
    for (int i = 0; i < with.targets().size(); i++) {
      assignments.assign(with.targets().get(i), eval(with.values().get(i), frame), frame);
    }
    End end = run(with.body(), frame, out);
    if (end == End.NORMAL) {
      with.scope().leave(frame);
    }
    return end;
  }

  private End filterBlock(Stmt.FilterBlock filter, Frame frame, StringBuilder out) {
    StringBuilder text = new StringBuilder();
    filter.scope().enter(frame, rendering);
    End end = run(filter.body(), frame, text);
    if (end == End.NORMAL) {
      rendering.made(text.length());
      printText(out, expressions.filtered(filter.filter(), html(text.toString()), frame));
      filter.scope().leave(frame);
    }
    return end;
  }

  private End autoescape(Stmt.Autoescape autoescape, Frame frame, StringBuilder out) {
    boolean before = rendering.autoescape;
    autoescape.scope().enter(frame, rendering);
    rendering.autoescape = Values.truth(eval(autoescape.value(), frame));
    End end = run(autoescape.body(), frame, out);
    rendering.autoescape = before;
    if (end == End.NORMAL) {
      autoescape.scope().leave(frame);
    }
    return end;
  }

  private void callBlock(Stmt.CallBlock block, Frame frame, StringBuilder out) {
    MacroValue caller = new MacroValue(this, block.function(), frame, rendering.autoescape);
    rendering.at = block.at();
    Object text =
        block.call() == null
            ? caller.call(rendering, Arguments.NONE)
            : expressions.call(block.call(), frame, caller);
    printText(out, text);
  }

  private void block(Stmt.Block block, Frame frame, StringBuilder out) {
    Map<String, Object> visible = new HashMap<>();
    for (Target.Variable variable : block.visible()) {
      Object value = frame.get(variable.slot());
      if (value != null) {
        visible.put(variable.id(), value);
      }
    }
    Map<String, Object> before = rendering.replaceGiven(visible);
    if (!before.isEmpty()) {
      before.forEach(visible::putIfAbsent);
      rendering.made(64L * visible.size());
      rendering.steps(visible.size());
    }
    Frame inside = new Frame(block.scope().size, null);
    block.scope().enter(inside, rendering);
    run(block.body(), inside, out);
    rendering.replaceGiven(before);
  }

  /** The text of a macro's body, its parameters being set. */
  String body(Stmt.Function function, Frame frame, boolean autoescape) {
    boolean before = rendering.autoescape;
    rendering.autoescape = autoescape;
    function.scope().enter(frame, rendering);
    int required = function.parameters().size() - function.defaults().size();
    for (int i = 0; i < function.parameters().size(); i++) {
      Target.Variable parameter = function.parameters().get(i);
      if (frame.get(parameter.slot()) == null) {
        frame.set(
            parameter.slot(),
            i < required
                ? new Undefined("parameter '" + parameter.id() + "' was not provided")
                : eval(function.defaults().get(i - required), frame));
      }
    }
    StringBuilder text = new StringBuilder();
    run(function.body(), frame, text);
    rendering.autoescape = before;
    rendering.made(text.length());
    return text.toString();
  }
}
