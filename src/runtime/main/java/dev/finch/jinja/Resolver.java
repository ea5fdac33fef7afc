package dev.finch.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every name of a template its place, by Jinja2's rules of scope, and refuses filters and
 * tests that there are not.
 */
final class Resolver {

  private final Source source;
  private final Set<String> blocks = new HashSet<>();

  Resolver(Source source) {
    this.source = source;
  }

  /** The template's own scope. */
  Scope template(List<Stmt> body) {
    Scope scope = new Scope();
    root(body, scope);
    return scope;
  }

  private void root(List<Stmt> body, Scope scope) {
    Symbols symbols = new Symbols(new Symbols.Functions(null), null);
    new Names(symbols).visit(body);
    resolve(body, symbols, false);
    symbols.finish(scope);
    scope.size = symbols.function().size();
  }

  private static Symbols inner(Symbols symbols) {
    return new Symbols(symbols.function(), symbols);
  }

  private static Symbols function(Symbols symbols) {
    return new Symbols(new Symbols.Functions(symbols.function()), symbols);
  }

  private static void finishFunction(Symbols symbols, Scope scope) {
    symbols.finish(scope);
    scope.size = symbols.function().size();
  }

  /**
   * @param soft whether a filter that there is not fails only when it is reached
   */
  private void resolve(List<Stmt> body, Symbols symbols, boolean soft) {
    for (Stmt stmt : body) {
      resolve(stmt, symbols, soft);
    }
  }

  private void resolve(Stmt stmt, Symbols symbols, boolean soft) {
    switch (stmt) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _ -> {}
      case Stmt.Print print -> resolve(print.value(), symbols, soft);
      case Stmt.If branches -> {
        for (Stmt.Branch branch : branches.branches()) {
          resolve(branch.test(), symbols, true);
          resolve(branch.body(), symbols, true);
        }
        resolve(branches.otherwise(), symbols, true);
      }
      case Stmt.For loop -> loop(loop, symbols, soft);
      case Stmt.Set set -> {
        resolve(set.value(), symbols, soft);
        resolve(set.target(), symbols);
      }
      case Stmt.SetBlock set -> {
        Symbols inside = inner(symbols);
        new Names(inside).visit(set.body());
        if (set.filter() != null) {
          new Names(inside).visit(set.filter());
        }
        resolve(set.body(), inside, false);
        if (set.filter() != null) {
          resolve(set.filter(), inside, false);
        }
        resolve(set.target(), symbols);
        inside.finish(set.scope());
      }
      case Stmt.With with -> {
        Symbols inside = inner(symbols);
        with.targets().forEach(target -> new Names(inside).parameter(target));
        new Names(inside).visit(with.body());
        with.targets().forEach(target -> resolve(target, inside));
        with.values().forEach(value -> resolve(value, symbols, soft));
        resolve(with.body(), inside, false);
        inside.finish(with.scope());
      }
      case Stmt.FilterBlock filter -> {
        Symbols inside = inner(symbols);
        new Names(inside).visit(filter.body());
        new Names(inside).visit(filter.filter());
        resolve(filter.body(), inside, false);
        resolve(filter.filter(), inside, false);
        inside.finish(filter.scope());
      }
      case Stmt.Autoescape autoescape -> {
        Symbols inside = inner(symbols);
        new Names(inside).visit(autoescape.value());
        new Names(inside).visit(autoescape.body());
        resolve(autoescape.value(), inside, false);
        resolve(autoescape.body(), inside, false);
        inside.finish(autoescape.scope());
      }
      case Stmt.Macro macro -> {
        function(macro.function(), symbols);
        resolve(macro.name(), symbols);
      }
      case Stmt.CallBlock call -> {
        function(call.function(), symbols);
        if (call.call() != null) {
          resolve(call.call(), symbols, soft);
        }
      }
      case Stmt.Block block -> block(block, symbols);
    }
  }

  private void block(Stmt.Block block, Symbols symbols) {
    if (!blocks.add(block.name())) {
      throw source.syntax("block '" + block.name() + "' defined twice", block.at());
    }
    if (block.required()) {
      throw source.error(
          TemplateException.Kind.UNSUPPORTED,
          "the template uses {% block … required %}, which needs another template",
          block.at());
    }
    if (block.scoped()) {
      for (String name : symbols.visible()) {
        Target.Variable variable = new Target.Variable(name, new Slot(), block.at());
        symbols.place(variable.slot(), name);
        block.visible().add(variable);
      }
    }
    root(block.body(), block.scope());
  }

  private void loop(Stmt.For loop, Symbols symbols, boolean soft) {
    if (Names.stores(loop, "loop")) {
      throw source.syntax("Can't assign to special loop variable in for-loop target", loop.at());
    }
    resolve(loop.items(), symbols, soft);
    Symbols inside = loop.recursive() ? function(symbols) : inner(symbols);
    boolean extended = loop.recursive() || Names.reads(loop.body(), "loop");
    if (extended) {
      inside.place(loop.loop(), inside.parameter("loop"));
    }
    new Names(inside).parameter(loop.target());
    new Names(inside).visit(loop.body());
    resolve(loop.target(), inside);
    if (loop.test() != null) {
      Symbols test = function(symbols);
      new Names(test).parameter(loop.testTarget());
      new Names(test).visit(loop.test());
      resolve(loop.testTarget(), test);
      resolve(loop.test(), test, false);
      finishFunction(test, loop.testScope());
    }
    resolve(loop.body(), inside, false);
    Symbols otherwise = loop.recursive() ? new Symbols(inside.function(), symbols) : inner(symbols);
    new Names(otherwise).visit(loop.otherwise());
    resolve(loop.otherwise(), otherwise, false);
    otherwise.finish(loop.otherwiseScope());
    finishFunction(inside, loop.bodyScope());
  }

  private void function(Stmt.Function function, Symbols symbols) {
    Symbols inside = function(symbols);
    function.parameters().forEach(parameter -> new Names(inside).parameter(parameter));
    new Names(inside).visitAll(function.defaults());
    new Names(inside).visit(function.body());
    special(function, "caller", function.caller(), inside);
    special(function, "kwargs", function.keywords(), inside);
    special(function, "varargs", function.rest(), inside);
    function.parameters().forEach(parameter -> resolve(parameter, inside));
    for (Expr value : function.defaults()) {
      resolve(value, inside, false);
    }
    resolve(function.body(), inside, false);
    finishFunction(inside, function.scope());
  }

  private void special(Stmt.Function function, String name, Slot slot, Symbols inside) {
    if (!Names.reads(function.body(), name)) {
      return;
    }
    int index = -1;
    for (int i = 0; i < function.parameters().size(); i++) {
      index = function.parameters().get(i).id().equals(name) ? i : index;
    }
    if (index < 0) {
      inside.place(slot, inside.parameter(name));
    } else if (name.equals("caller")
        && index < function.parameters().size() - function.defaults().size()) {
      throw source.syntax(
          "the special \"caller\" argument must be omitted or be given a default", function.at());
    }
  }

  private void resolve(Target target, Symbols symbols) {
    switch (target) {
      case Target.Variable variable -> symbols.place(variable.slot(), variable.id());
      case Target.Several several -> several.items().forEach(item -> resolve(item, symbols));
      case Target.Member member ->
          symbols.place(member.namespace().slot(), member.namespace().id());
    }
  }

  private void resolve(Expr.Arguments arguments, Symbols symbols, boolean soft) {
    arguments.positional().forEach(value -> resolve(value, symbols, soft));
    arguments.named().forEach(value -> resolve(value, symbols, soft));
    resolveOptional(arguments.star(), symbols, soft);
    resolveOptional(arguments.starStar(), symbols, soft);
  }

  private void resolveOptional(@Nullable Expr expr, Symbols symbols, boolean soft) {
    if (expr != null) {
      resolve(expr, symbols, soft);
    }
  }

  private void resolve(Expr expr, Symbols symbols, boolean soft) {
    switch (expr) {
      case Expr.Literal _ -> {}
      case Expr.Name name -> symbols.place(name.slot(), name.id());
      case Expr.TupleOf tuple -> tuple.items().forEach(item -> resolve(item, symbols, soft));
      case Expr.ListOf list -> list.items().forEach(item -> resolve(item, symbols, soft));
      case Expr.DictOf dict -> {
        dict.keys().forEach(item -> resolve(item, symbols, soft));
        dict.values().forEach(item -> resolve(item, symbols, soft));
      }
      case Expr.Unary unary -> resolve(unary.operand(), symbols, soft);
      case Expr.Not not -> resolve(not.operand(), symbols, soft);
      case Expr.Binary binary -> {
        resolve(binary.left(), symbols, soft);
        resolve(binary.right(), symbols, soft);
      }
      case Expr.And and -> {
        resolve(and.left(), symbols, soft);
        resolve(and.right(), symbols, soft);
      }
      case Expr.Or or -> {
        resolve(or.left(), symbols, soft);
        resolve(or.right(), symbols, soft);
      }
      case Expr.Compare compare -> {
        resolve(compare.first(), symbols, soft);
        compare.rest().forEach(item -> resolve(item, symbols, soft));
      }
      case Expr.Concat concat -> concat.items().forEach(item -> resolve(item, symbols, soft));
      case Expr.Conditional conditional -> {
        resolve(conditional.test(), symbols, true);
        resolve(conditional.then(), symbols, true);
        resolveOptional(conditional.otherwise(), symbols, true);
      }
      case Expr.Attribute attribute -> resolve(attribute.object(), symbols, soft);
      case Expr.Item item -> {
        resolve(item.object(), symbols, soft);
        resolve(item.key(), symbols, soft);
      }
      case Expr.Slice slice -> {
        resolveOptional(slice.start(), symbols, soft);
        resolveOptional(slice.stop(), symbols, soft);
        resolveOptional(slice.step(), symbols, soft);
      }
      case Expr.Call call -> {
        resolve(call.callee(), symbols, soft);
        resolve(call.arguments(), symbols, soft);
      }
      case Expr.Filter filter -> {
        if (!soft && !Filters.exists(filter.name())) {
          throw source.syntax("No filter named '" + filter.name() + "'.", filter.at());
        }
        resolveOptional(filter.input(), symbols, soft);
        resolve(filter.arguments(), symbols, soft);
      }
      case Expr.Test test -> {
        if (!soft && !Tests.exists(test.name())) {
          throw source.syntax("No test named '" + test.name() + "'.", test.at());
        }
        resolve(test.input(), symbols, soft);
        resolve(test.arguments(), symbols, soft);
      }
    }
  }
}
