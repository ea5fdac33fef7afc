package dev.finch.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression of a template; {@code at} is its offset in the source. */
sealed interface Expr {

  int at();

  record Literal(Object value, int at) implements Expr {}

  record Name(String id, Slot slot, int at) implements Expr {}

  record TupleOf(List<Expr> items, int at) implements Expr {}

  record ListOf(List<Expr> items, int at) implements Expr {}

  record DictOf(List<Expr> keys, List<Expr> values, int at) implements Expr {}

  record Unary(char operator, Expr operand, int at) implements Expr {}

  record Not(Expr operand, int at) implements Expr {}

  record Binary(String operator, Expr left, Expr right, int at) implements Expr {}

  record And(Expr left, Expr right, int at) implements Expr {}

  record Or(Expr left, Expr right, int at) implements Expr {}

  /** {@code first operators[0] rest[0] operators[1] rest[1] …}. */
  record Compare(Expr first, List<String> operators, List<Expr> rest, int at) implements Expr {}

  record Concat(List<Expr> items, int at) implements Expr {}

  record Conditional(Expr test, Expr then, @Nullable Expr otherwise, int at) implements Expr {}

  record Attribute(Expr object, String name, int at) implements Expr {}

  record Item(Expr object, Expr key, int at) implements Expr {}

  /** Stands only as the key of an {@link Item}. */
  record Slice(@Nullable Expr start, @Nullable Expr stop, @Nullable Expr step, int at)
      implements Expr {}

  record Call(Expr callee, Arguments arguments, int at) implements Expr {}

  /**
   * @param input null where the text of a block is filtered
   */
  record Filter(@Nullable Expr input, String name, Arguments arguments, int at) implements Expr {}

  record Test(Expr input, String name, Arguments arguments, int at) implements Expr {}

  /** What stands between the parentheses of a call. */
  record Arguments(
      List<Expr> positional,
      List<String> names,
      List<Expr> named,
      @Nullable Expr star,
      @Nullable Expr starStar) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of(), null, null);

    boolean isPlain() {
      return named.isEmpty() && star == null && starStar == null;
    }
  }
}
