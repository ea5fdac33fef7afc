package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Collects the names of a scope, and stops at scopes inside. */
final class Names {

  private Symbols symbols;

  Names(Symbols symbols) {
    this.symbols = symbols;
  }

  void visit(List<Stmt> body) {
    for (Stmt stmt : body) {
      visit(stmt);
    }
  }

  private void visit(Stmt stmt) {
    switch (stmt) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Block _, Stmt.Autoescape _ -> {}
      case Stmt.Print print -> visit(print.value());
      case Stmt.If branches -> branches(branches);
      case Stmt.For loop -> visit(loop.items());
      case Stmt.Set set -> {
        visit(set.value());
        store(set.target());
      }
      case Stmt.SetBlock set -> store(set.target());
      case Stmt.With with -> visitAll(with.values());
      case Stmt.FilterBlock filter -> visit(filter.filter());
      case Stmt.Macro macro -> symbols.store(macro.name().id());
      case Stmt.CallBlock call -> {
        if (call.call() != null) {
          visit(call.call());
        }
      }
    }
  }

  /** Each {@code elif} is a branch inside the second of three, as Jinja2 builds its tree. */
  private void branches(Stmt.If branches) {
    visit(branches.branches().getFirst().test());
    Symbols original = symbols;
    List<Symbols> all = new ArrayList<>();
    symbols = original.branch();
    visit(branches.branches().getFirst().body());
    all.add(symbols);
    symbols = original.branch();
    for (Stmt.Branch branch : branches.branches().subList(1, branches.branches().size())) {
      alone(branch);
    }
    all.add(symbols);
    symbols = original.branch();
    visit(branches.otherwise());
    all.add(symbols);
    symbols = original;
    symbols.merge(all);
  }

  private void alone(Stmt.Branch branch) {
    visit(branch.test());
    Symbols original = symbols;
    symbols = original.branch();
    visit(branch.body());
    Symbols body = symbols;
    symbols = original;
    symbols.merge(List.of(body, original.branch(), original.branch()));
  }

  void parameter(Target target) {
    switch (target) {
      case Target.Variable variable -> symbols.parameter(variable.id());
      case Target.Several several -> several.items().forEach(this::parameter);
      case Target.Member member -> symbols.load(member.namespace().id());
    }
  }

  private void store(Target target) {
    switch (target) {
      case Target.Variable variable -> symbols.store(variable.id());
      case Target.Several several -> several.items().forEach(this::store);
      case Target.Member member -> symbols.load(member.namespace().id());
    }
  }

  void visitAll(List<Expr> exprs) {
    exprs.forEach(this::visit);
  }

  void visit(Expr expr) {
    walk(expr, name -> symbols.load(name.id()));
  }

  private interface Reader {
    void read(Expr.Name name);
  }

  private static void walk(Expr expr, Reader reader) {
    switch (expr) {
      case Expr.Name name -> reader.read(name);
      default -> children(expr).forEach(child -> walk(child, reader));
    }
  }

  private static List<Expr> children(Expr expr) {
    List<Expr> children = new ArrayList<>();
    switch (expr) {
      case Expr.Literal _, Expr.Name _ -> {}
      case Expr.TupleOf tuple -> children.addAll(tuple.items());
      case Expr.ListOf list -> children.addAll(list.items());
      case Expr.DictOf dict -> {
        for (int i = 0; i < dict.keys().size(); i++) {
          children.add(dict.keys().get(i));
          children.add(dict.values().get(i));
        }
      }
      case Expr.Unary unary -> children.add(unary.operand());
      case Expr.Not not -> children.add(not.operand());
      case Expr.Binary binary -> children.addAll(List.of(binary.left(), binary.right()));
      case Expr.And and -> children.addAll(List.of(and.left(), and.right()));
      case Expr.Or or -> children.addAll(List.of(or.left(), or.right()));
      case Expr.Compare compare -> {
        children.add(compare.first());
        children.addAll(compare.rest());
      }
      case Expr.Concat concat -> children.addAll(concat.items());
      case Expr.Conditional conditional -> {
        children.addAll(List.of(conditional.test(), conditional.then()));
        if (conditional.otherwise() != null) {
          children.add(conditional.otherwise());
        }
      }
      case Expr.Attribute attribute -> children.add(attribute.object());
      case Expr.Item item -> children.addAll(List.of(item.object(), item.key()));
      case Expr.Slice slice -> {
        if (slice.start() != null) {
          children.add(slice.start());
        }
        if (slice.stop() != null) {
          children.add(slice.stop());
        }
        if (slice.step() != null) {
          children.add(slice.step());
        }
      }
      case Expr.Call call -> {
        children.add(call.callee());
        arguments(call.arguments(), children);
      }
      case Expr.Filter filter -> {
        if (filter.input() != null) {
          children.add(filter.input());
        }
        arguments(filter.arguments(), children);
      }
      case Expr.Test test -> {
        children.add(test.input());
        arguments(test.arguments(), children);
      }
    }
    return children;
  }

  private static void arguments(Expr.Arguments arguments, List<Expr> children) {
    children.addAll(arguments.positional());
    children.addAll(arguments.named());
    if (arguments.star() != null) {
      children.add(arguments.star());
    }
    if (arguments.starStar() != null) {
      children.add(arguments.starStar());
    }
  }

  /** Whether this body, scopes inside included, reads a name before it sets it. */
  static boolean reads(List<Stmt> body, String wanted) {
    boolean[] found = new boolean[2];
    everything(
        body,
        (name, stored) -> {
          if (name.equals(wanted) && !found[1]) {
            found[stored ? 1 : 0] = true;
          }
        });
    return found[0];
  }

  /** Whether this loop, scopes inside included, sets a name. */
  static boolean stores(Stmt.For loop, String wanted) {
    boolean[] found = new boolean[1];
    everything(List.of(loop), (name, stored) -> found[0] |= stored && name.equals(wanted));
    return found[0];
  }

  private static void everything(List<Stmt> body, BiConsumer<String, Boolean> visitor) {
    for (Stmt stmt : body) {
      everything(stmt, visitor);
    }
  }

  private static void read(Expr expr, BiConsumer<String, Boolean> visitor) {
    walk(expr, name -> visitor.accept(name.id(), false));
  }

  private static void set(Target target, BiConsumer<String, Boolean> visitor) {
    switch (target) {
      case Target.Variable variable -> visitor.accept(variable.id(), true);
      case Target.Several several -> several.items().forEach(item -> set(item, visitor));
      case Target.Member _ -> {}
    }
  }

  private static void everything(Stmt stmt, BiConsumer<String, Boolean> visitor) {
    switch (stmt) {
      case Stmt.Text _, Stmt.Break _, Stmt.Continue _, Stmt.Block _ -> {}
      case Stmt.Print print -> read(print.value(), visitor);
      case Stmt.If branches -> {
        for (Stmt.Branch branch : branches.branches()) {
          read(branch.test(), visitor);
          everything(branch.body(), visitor);
        }
        everything(branches.otherwise(), visitor);
      }
      case Stmt.For loop -> {
        set(loop.target(), visitor);
        read(loop.items(), visitor);
        everything(loop.body(), visitor);
        everything(loop.otherwise(), visitor);
        if (loop.test() != null) {
          read(loop.test(), visitor);
        }
      }
      case Stmt.Set assignment -> {
        set(assignment.target(), visitor);
        read(assignment.value(), visitor);
      }
      case Stmt.SetBlock assignment -> {
        set(assignment.target(), visitor);
        if (assignment.filter() != null) {
          read(assignment.filter(), visitor);
        }
        everything(assignment.body(), visitor);
      }
      case Stmt.With with -> {
        with.targets().forEach(target -> set(target, visitor));
        with.values().forEach(value -> read(value, visitor));
        everything(with.body(), visitor);
      }
      case Stmt.FilterBlock filter -> {
        everything(filter.body(), visitor);
        read(filter.filter(), visitor);
      }
      case Stmt.Autoescape autoescape -> {
        read(autoescape.value(), visitor);
        everything(autoescape.body(), visitor);
      }
      case Stmt.Macro macro -> function(macro.function(), visitor);
      case Stmt.CallBlock call -> {
        if (call.call() != null) {
          read(call.call(), visitor);
        }
        function(call.function(), visitor);
      }
    }
  }

  private static void function(Stmt.Function function, BiConsumer<String, Boolean> visitor) {
    function.parameters().forEach(parameter -> visitor.accept(parameter.id(), true));
    function.defaults().forEach(value -> read(value, visitor));
    everything(function.body(), visitor);
  }
}
