package dev.finch.jinja;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what may stand behind an operand: attributes, subscripts, calls, filters and tests. */
final class SuffixParser {

  private final Tokens tokens;
  private final Depth depth;
  private final ExpressionParser expressions;
  private final OperandParser operands;

  SuffixParser(Tokens tokens, Depth depth, ExpressionParser expressions, OperandParser operands) {
    this.tokens = tokens;
    this.depth = depth;
    this.expressions = expressions;
    this.operands = operands;
  }

  /** The operand with its attributes, subscripts and calls. */
  Expr behind(Expr base) {
    Expr expr = base;
    while (true) {
      if (tokens.seesOperator(".") || tokens.seesOperator("[")) {
        expr = subscript(expr);
      } else if (tokens.seesOperator("(")) {
        int at = tokens.current().at();
        expr = new Expr.Call(expr, arguments(), at);
      } else {
        return expr;
      }
      depth.raise();
    }
  }

  /** The operand with its filters, tests and calls. */
  Expr filtersBehind(Expr base) {
    Expr expr = base;
    while (true) {
      if (tokens.seesOperator("|")) {
        expr = filters(expr, false);
      } else if (tokens.seesName("is")) {
        expr = test(expr);
      } else if (tokens.seesOperator("(")) {
        int at = tokens.current().at();
        expr = new Expr.Call(expr, arguments(), at);
        depth.raise();
      } else {
        return expr;
      }
    }
  }

  private Expr subscript(Expr object) {
    Token token = tokens.take();
    if (token.isOperator(".")) {
      Token name = tokens.take();
      if (name.is(Token.Type.NAME)) {
        return new Expr.Attribute(object, name.text(), name.at());
      }
      if (!name.is(Token.Type.INTEGER)) {
        throw tokens.fail("expected name or number", name);
      }
      return new Expr.Item(object, new Expr.Literal(name.value(), name.at()), name.at());
    }
    List<Expr> keys = new ArrayList<>();
    while (!tokens.seesOperator("]")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
      }
      keys.add(subscribed());
    }
    tokens.expectOperator("]");
    if (keys.size() == 1) {
      return new Expr.Item(object, keys.getFirst(), token.at());
    }
    if (keys.stream().anyMatch(Expr.Slice.class::isInstance)) {
      throw tokens.fail("a slice cannot be part of a tuple", token);
    }
    return new Expr.Item(object, new Expr.TupleOf(keys, token.at()), token.at());
  }

  private Expr subscribed() {
    Token begin = tokens.current();
    Expr start = null;
    if (!begin.isOperator(":")) {
      start = expressions.expression();
      if (!tokens.seesOperator(":")) {
        return start;
      }
    }
    tokens.expectOperator(":");
    Expr stop = endsSlice() || tokens.seesOperator(":") ? null : expressions.expression();
    Expr step = tokens.skipOperator(":") && !endsSlice() ? expressions.expression() : null;
    return new Expr.Slice(start, stop, step, begin.at());
  }

  private boolean endsSlice() {
    return tokens.seesOperator("]") || tokens.seesOperator(",");
  }

  private Expr.Arguments arguments() {
    Token open = tokens.take();
    List<Expr> positional = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    List<Expr> named = new ArrayList<>();
    Expr star = null;
    Expr starStar = null;
    boolean several = false;
    while (!tokens.seesOperator(")")) {
      if (several) {
        tokens.expectOperator(",");
        if (tokens.seesOperator(")")) {
          break;
        }
      }
      several = true;
      boolean ordered = starStar == null;
      if (ordered && star == null && tokens.skipOperator("*")) {
        star = expressions.expression();
      } else if (ordered && tokens.skipOperator("**")) {
        starStar = expressions.expression();
      } else if (ordered && tokens.current().is(Token.Type.NAME) && tokens.look().isOperator("=")) {
        Token name = tokens.take();
        tokens.take();
        if (!names.add(name.text())) {
          throw tokens.fail("keyword argument repeated: " + name.text(), name);
        }
        named.add(expressions.expression());
      } else if (ordered && star == null && named.isEmpty()) {
        positional.add(expressions.expression());
      } else {
        throw tokens.fail("invalid syntax for function call expression", open);
      }
    }
    tokens.expectOperator(")");
    return new Expr.Arguments(positional, List.copyOf(names), named, star, starStar);
  }

  /** Filters one behind the other. */
  Expr.Filter filters(@Nullable Expr input, boolean begun) {
    Expr.Filter filter = null;
    boolean inline = begun;
    while (tokens.seesOperator("|") || inline) {
      if (!inline) {
        tokens.take();
      }
      inline = false;
      int at = tokens.current().at();
      String name = dotted();
      Expr.Arguments arguments = tokens.seesOperator("(") ? arguments() : Expr.Arguments.NONE;
      filter = new Expr.Filter(filter == null ? input : filter, name, arguments, at);
      depth.raise();
    }
    if (filter == null) {
      throw tokens.fail("expected token 'name', got '|'", tokens.current());
    }
    return filter;
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.expectName().text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expectName().text());
    }
    return name.toString();
  }

  private Expr test(Expr input) {
    tokens.take();
    boolean negated = tokens.skipName("not");
    int at = tokens.current().at();
    String name = dotted();
    Expr.Arguments arguments = Expr.Arguments.NONE;
    if (tokens.seesOperator("(")) {
      arguments = arguments();
    } else if (beginsTestArgument()) {
      if (tokens.seesName("is")) {
        throw tokens.fail("You cannot chain multiple tests with is", tokens.current());
      }
      depth.enter();
      Expr argument = behind(operands.operand());
      depth.leave();
      arguments = new Expr.Arguments(List.of(argument), List.of(), List.of(), null, null);
    }
    depth.raise();
    Expr test = new Expr.Test(input, name, arguments, at);
    return negated ? new Expr.Not(test, at) : test;
  }

  private boolean beginsTestArgument() {
    Token token = tokens.current();
    return switch (token.type()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }
}
