package dev.finch.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Carries out a template's statements. */
final class Evaluator {

  /** How a statement ended. */
  private enum End {
    NORMAL,
    BREAK,
    CONTINUE
  }

  private final Rendering rendering;
  private final Expressions expressions;

  Evaluator(Rendering rendering) {
    this.rendering = rendering;
    this.expressions = new Expressions(rendering);
  }

  String template(List<Stmt> body, Scope scope) {
    StringBuilder out = new StringBuilder();
    Frame frame = new Frame(scope.size, null);
    scope.enter(frame, rendering);
    run(body, frame, out);
    return out.toString();
  }

  private Object eval(Expr expr, Frame frame) {
    return expressions.eval(expr, frame);
  }

  private End run(List<Stmt> body, Frame frame, StringBuilder out) {
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
      case Stmt.For loop -> loop(loop, frame, out);
      case Stmt.Set set -> {
        set(set, frame);
        yield End.NORMAL;
      }
      case Stmt.SetBlock set -> setBlock(set, frame);
      case Stmt.With with -> with(with, frame, out);
      case Stmt.FilterBlock filter -> filterBlock(filter, frame, out);
      case Stmt.Macro macro -> {
        Object value = new MacroValue(this, macro.function(), frame, rendering.autoescape);
        assign(macro.name(), value, frame);
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

  private void print(StringBuilder out, Object value) {
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

  private void set(Stmt.Set set, Frame frame) {
    if (set.target() instanceof Target.Member member) {
      Namespace namespace = namespace(member, frame);
      put(namespace, member, eval(set.value(), frame));
    } else {
      assign(set.target(), eval(set.value(), frame), frame);
    }
  }

  private Namespace namespace(Target.Member member, Frame frame) {
    rendering.at = member.at();
    if (frame.get(member.namespace().slot()) instanceof Namespace namespace) {
      return namespace;
    }
    throw rendering.error("cannot assign attribute on non-namespace object");
  }

  private void put(Namespace namespace, Target.Member member, Object value) {
    rendering.made(64);
    namespace.attributes().put(member.name(), value);
  }

  private void assign(Target target, Object value, Frame frame) {
    switch (target) {
      case Target.Variable variable -> {
        frame.set(variable.slot(), value);
        if (variable.slot().exported) {
          rendering.export(variable.id(), value);
        }
      }
      case Target.Member member -> put(namespace(member, frame), member, value);
      case Target.Several several -> unpack(several, value, frame);
    }
  }

  private void unpack(Target.Several several, Object value, Frame frame) {
    rendering.at = several.at();
    Iterator<Object> items = Values.iteratorOrNull(rendering, value);
    if (items == null) {
      throw rendering.error("cannot unpack non-iterable " + Values.type(value) + " object");
    }
    int wanted = several.items().size();
    List<Object> values = new ArrayList<>(wanted);
    while (values.size() < wanted && items.hasNext()) {
      values.add(items.next());
    }
    if (values.size() < wanted) {
      throw rendering.error(
          "not enough values to unpack (expected " + wanted + ", got " + values.size() + ")");
    }
    if (items.hasNext()) {
      throw rendering.error("too many values to unpack (expected " + wanted + ")");
    }
    for (int i = 0; i < wanted; i++) {
      assign(several.items().get(i), values.get(i), frame);
    }
  }

  private Object html(String text) {
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
      assign(set.target(), value, frame);
      set.scope().leave(frame);
    }
    return end;
  }

  private End with(Stmt.With with, Frame frame, StringBuilder out) {
    with.scope().enter(frame, rendering);
    for (int i = 0; i < with.targets().size(); i++) {
      assign(with.targets().get(i), eval(with.values().get(i), frame), frame);
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

  private End loop(Stmt.For loop, Frame frame, StringBuilder out) {
    Object items = eval(loop.items(), frame);
    rendering.at = loop.at();
    if (!loop.recursive()) {
      return iterate(loop, frame, frame, items, 0, null, out);
    }
    print(out, recursive(loop, frame, items, 0));
    return End.NORMAL;
  }

  private Object recursive(Stmt.For loop, Frame outer, Object items, int depth0) {
    StringBuilder text = new StringBuilder();
    Frame frame = new Frame(loop.bodyScope().size, outer);
    rendering.list(loop.bodyScope().size);
    LoopValue.Again again = (more, depth) -> recursive(loop, outer, more, depth);
    iterate(loop, frame, outer, items, depth0, again, text);
    rendering.made(text.length());
    return html(text.toString());
  }

  private End iterate(
      Stmt.For loop,
      Frame frame,
      Frame outer,
      Object iterable,
      int depth0,
      LoopValue.@Nullable Again again,
      StringBuilder out) {
    Iterator<Object> items = Values.iterator(rendering, iterable);
    Object counted = iterable;
    if (loop.test() != null) {
      items = new Passing(loop, loop.test(), items, outer);
      counted = new IteratorValue("generator", items);
    }
    LoopValue value = null;
    if (loop.loop().index >= 0) {
      value = new LoopValue(rendering, counted, items, depth0, again);
    }
    boolean completed = false;
    while (true) {
      Object item = value != null ? value.advance() : items.hasNext() ? items.next() : null;
      if (item == null) {
        break;
      }
      assign(loop.target(), item, frame);
      if (value != null) {
        frame.set(loop.loop(), value);
      }
      loop.bodyScope().enter(frame, rendering);
      End end = run(loop.body(), frame, out);
      // As in Jinja2, a loop counts as empty if no turn of it came to its end.
      completed |= end == End.NORMAL;
      if (end == End.BREAK) {
        break;
      }
    }
    loop.bodyScope().leave(frame);
    if (completed || loop.otherwise().isEmpty()) {
      return End.NORMAL;
    }
    loop.otherwiseScope().enter(frame, rendering);
    End end = run(loop.otherwise(), frame, out);
    loop.otherwiseScope().leave(frame);
    return end;
  }

  /** The items that a loop's {@code if} lets pass. */
  private final class Passing implements Iterator<Object> {
    private final Stmt.For loop;
    private final Expr test;
    private final Iterator<Object> items;
    private final Frame frame;
    private @Nullable Object next;

    Passing(Stmt.For loop, Expr test, Iterator<Object> items, Frame outer) {
      this.loop = loop;
      this.test = test;
      this.items = items;
      this.frame = new Frame(loop.testScope().size, outer);
      loop.testScope().enter(frame, rendering);
    }

    @Override
    public boolean hasNext() {
      while (next == null && items.hasNext()) {
        rendering.step();
        Object item = items.next();
        assign(loop.testTarget(), item, frame);
        if (Values.truth(eval(test, frame))) {
          next = again(loop.testTarget(), item);
        }
      }
      return next != null;
    }

    /** What was taken apart comes as a tuple. */
    private Object again(Target target, Object item) {
      if (!(target instanceof Target.Several several)) {
        return item;
      }
      List<Object> parts = new ArrayList<>();
      for (Target part : several.items()) {
        Object value = part instanceof Target.Variable variable ? frame.get(variable.slot()) : null;
        parts.add(value == null ? again(part, item) : value);
      }
      return new Sequence.TupleValue(parts);
    }

    @Override
    public Object next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object item = next;
      next = null;
      return item == null ? None.NONE : item;
    }
  }
}
