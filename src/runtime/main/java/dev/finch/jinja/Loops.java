package dev.finch.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Carries out {@code for}. */
final class Loops {

  private final Rendering rendering;
  private final Evaluator statements;
  private final Assignments assignments;

  Loops(Rendering rendering, Evaluator statements, Assignments assignments) {
    this.rendering = rendering;
    this.statements = statements;
    this.assignments = assignments;
  }

  Evaluator.End loop(Stmt.For loop, Frame frame, StringBuilder out) {
    Object items = statements.eval(loop.items(), frame);
    rendering.at = loop.at();
    if (!loop.recursive()) {
      return iterate(loop, frame, frame, items, 0, null, out);
    }
    statements.print(out, recursive(loop, frame, items, 0));
    return Evaluator.End.NORMAL;
  }

  private Object recursive(Stmt.For loop, Frame outer, Object items, int depth0) {
    StringBuilder text = new StringBuilder();
    Frame frame = new Frame(loop.bodyScope().size, outer);
    rendering.list(loop.bodyScope().size);
    LoopValue.Again again = (more, depth) -> recursive(loop, outer, more, depth);
    iterate(loop, frame, outer, items, depth0, again, text);
    rendering.made(text.length());
    return statements.html(text.toString());
  }

  private Evaluator.End iterate(
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
      assignments.assign(loop.target(), item, frame);
      if (value != null) {
        frame.set(loop.loop(), value);
      }
      loop.bodyScope().enter(frame, rendering);
      Evaluator.End end = statements.run(loop.body(), frame, out);
      // As in Jinja2, a loop counts as empty if no turn of it came to its end.
      completed |= end == Evaluator.End.NORMAL;
      if (end == Evaluator.End.BREAK) {
        break;
      }
    }
    loop.bodyScope().leave(frame);
    if (completed || loop.otherwise().isEmpty()) {
      return Evaluator.End.NORMAL;
    }
    loop.otherwiseScope().enter(frame, rendering);
    Evaluator.End end = statements.run(loop.otherwise(), frame, out);
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
        assignments.assign(loop.testTarget(), item, frame);
        if (Values.truth(statements.eval(test, frame))) {
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
      return new SequenceValue.TupleValue(parts);
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
