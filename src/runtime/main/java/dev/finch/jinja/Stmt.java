package dev.finch.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of a template. */
sealed interface Stmt {

  record Text(String text) implements Stmt {}

  record Print(Expr value) implements Stmt {}

  record If(List<Branch> branches, List<Stmt> otherwise) implements Stmt {}

  record Branch(Expr test, List<Stmt> body) {}

  /**
   * @param testTarget the target again, as the loop's {@code if} sees it
   * @param loop where the variable {@code loop} stands; without a place where it is not used
   */
  record For(
      Target target,
      Expr items,
      @Nullable Expr test,
      Target testTarget,
      boolean recursive,
      List<Stmt> body,
      List<Stmt> otherwise,
      Slot loop,
      Scope testScope,
      Scope bodyScope,
      Scope otherwiseScope,
      int at)
      implements Stmt {}

  record Set(Target target, Expr value) implements Stmt {}

  record SetBlock(Target target, Expr.@Nullable Filter filter, List<Stmt> body, Scope scope)
      implements Stmt {}

  record With(List<Target> targets, List<Expr> values, List<Stmt> body, Scope scope)
      implements Stmt {}

  record FilterBlock(Expr.Filter filter, List<Stmt> body, Scope scope) implements Stmt {}

  record Macro(Target.Variable name, Function function) implements Stmt {}

  /**
   * @param call null where the body is only written, as by {@code generation}
   */
  record CallBlock(Expr.@Nullable Call call, Function function, int at) implements Stmt {}

  record Autoescape(Expr value, List<Stmt> body, Scope scope) implements Stmt {}

  /**
   * @param visible the variables around a {@code scoped} block
   */
  record Block(
      String name,
      boolean scoped,
      boolean required,
      List<Stmt> body,
      Scope scope,
      List<Target.Variable> visible,
      int at)
      implements Stmt {}

  record Break(int at) implements Stmt {}

  record Continue(int at) implements Stmt {}

  /** A macro's parameters and body. */
  record Function(
      String name,
      List<Target.Variable> parameters,
      List<Expr> defaults,
      List<Stmt> body,
      Slot caller,
      Slot keywords,
      Slot rest,
      Scope scope,
      int at) {}
}
