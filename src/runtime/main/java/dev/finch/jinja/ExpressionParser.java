package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions, with Jinja2's precedence: {@code if}, {@code or}, {@code and}, {@code not},
 * comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs.
 */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private final Depth depth;
  private final OperandParser operands;
  private final SuffixParser suffixes;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
    this.depth = new Depth(tokens);
    this.operands = new OperandParser(tokens, depth, this);
    this.suffixes = new SuffixParser(tokens, depth, this, operands);
  }

  /** Begins a new measure of the height, for an expression that a statement begins with. */
  void begin() {
    depth.begin();
  }

  /** One operand without what may stand behind it: {@code set}'s targets. */
  Expr operand() {
    return operands.operand();
  }

  /** {@link OperandParser#tuple}. */
  Expr tuple(boolean conditional, boolean mayBeEmpty, String end) {
    return operands.tuple(conditional, mayBeEmpty, end);
  }

  /** {@link SuffixParser#filters}. */
  Expr.Filter filters(@Nullable Expr input, boolean begun) {
    return suffixes.filters(input, begun);
  }

  Expr expression() {
    depth.enter();
    int outer = depth.begin();
    int at = tokens.current().at();
    Expr expr = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      expr = new Expr.Conditional(test, expr, otherwise, at);
      depth.raise();
    }
    depth.end(outer);
    depth.leave();
    return expr;
  }

  /** An expression in which an {@code if} ends it, as behind {@code for … in}. */
  Expr unconditional() {
    depth.begin();
    return or();
  }

  private Expr or() {
    Expr left = and();
    while (tokens.seesName("or")) {
      int at = tokens.take().at();
      left = new Expr.Or(left, and(), at);
      depth.raise();
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.seesName("and")) {
      int at = tokens.take().at();
      left = new Expr.And(left, not(), at);
      depth.raise();
    }
    return left;
  }

  private Expr not() {
    List<Token> negations = new ArrayList<>();
    while (tokens.seesName("not")) {
      negations.add(tokens.take());
    }
    Expr expr = compare();
    for (Token negation : negations.reversed()) {
      expr = new Expr.Not(expr, negation.at());
      depth.raise();
    }
    return expr;
  }

  private Expr compare() {
    Expr first = sum();
    int at = tokens.current().at();
    List<String> operators = new ArrayList<>();
    List<Expr> rest = new ArrayList<>();
    for (String operator = comparison(); operator != null; operator = comparison()) {
      operators.add(operator);
      rest.add(sum());
    }
    if (operators.isEmpty()) {
      return first;
    }
    depth.raise();
    return new Expr.Compare(first, operators, rest, at);
  }

  private @Nullable String comparison() {
    Token token = tokens.current();
    if (token.is(Token.Type.OPERATOR) && COMPARISONS.contains(token.text())) {
      return tokens.take().text();
    }
    if (tokens.skipName("in")) {
      return "in";
    }
    if (token.isName("not") && tokens.look().isName("in")) {
      tokens.take();
      tokens.take();
      return "not in";
    }
    return null;
  }

  private Expr sum() {
    Expr left = concat();
    while (tokens.seesOperator("+") || tokens.seesOperator("-")) {
      Token operator = tokens.take();
      left = new Expr.Binary(operator.text(), left, concat(), operator.at());
      depth.raise();
    }
    return left;
  }

  private Expr concat() {
    Expr first = product();
    if (!tokens.seesOperator("~")) {
      return first;
    }
    int at = tokens.current().at();
    List<Expr> items = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      items.add(product());
    }
    depth.raise();
    return new Expr.Concat(items, at);
  }

  private Expr product() {
    Expr left = power();
    while (tokens.seesOperator("*")
        || tokens.seesOperator("/")
        || tokens.seesOperator("//")
        || tokens.seesOperator("%")) {
      Token operator = tokens.take();
      left = new Expr.Binary(operator.text(), left, power(), operator.at());
      depth.raise();
    }
    return left;
  }

  private Expr power() {
    Expr left = unary();
    while (tokens.seesOperator("**")) {
      Token operator = tokens.take();
      left = new Expr.Binary("**", left, unary(), operator.at());
      depth.raise();
    }
    return left;
  }

  private Expr unary() {
    int outer = depth.begin();
    List<Token> signs = new ArrayList<>();
    while (tokens.seesOperator("-") || tokens.seesOperator("+")) {
      signs.add(tokens.take());
    }
    Expr expr = suffixes.behind(operands.operand());
    for (Token sign : signs.reversed()) {
      // Jinja2 lets a call or a subscript behind a signed value apply to the signed value.
      expr = suffixes.behind(new Expr.Unary(sign.text().charAt(0), expr, sign.at()));
      depth.raise();
    }
    expr = suffixes.filtersBehind(expr);
    depth.end(outer);
    return expr;
  }
}
