package dev.finch.jinja;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions, with Jinja2's precedence: {@code if}, {@code or}, {@code and}, {@code not},
 * comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs.
 */
final class ExpressionParser {

  /** How deeply brackets, calls and signs may nest; Jinja2 itself gives up near 75. */
  private static final int NESTING_LIMIT = 120;

  /** How high the tree of one expression may become; each link of a chain is a level. */
  private static final int HEIGHT_LIMIT = 400;

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private int nesting;

  /** The height of what was read since the innermost expression began. */
  private int height;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  private TemplateException tooDeep() {
    return tokens.fail("the expression nests too deeply", tokens.current());
  }

  private void raise() {
    if (++height > HEIGHT_LIMIT) {
      throw tooDeep();
    }
  }

  Expr expression() {
    if (++nesting > NESTING_LIMIT) {
      throw tooDeep();
    }
    int outer = height;
    height = 0;
    int at = tokens.current().at();
    Expr expr = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Expr otherwise = tokens.skipName("else") ? expression() : null;
      expr = new Expr.Conditional(test, expr, otherwise, at);
      raise();
    }
    height = Math.max(outer, height);
    nesting--;
    return expr;
  }

  /** An expression in which an {@code if} ends it, as behind {@code for … in}. */
  private Expr unconditional() {
    height = 0;
    return or();
  }

  private Expr or() {
    Expr left = and();
    while (tokens.seesName("or")) {
      int at = tokens.take().at();
      left = new Expr.Or(left, and(), at);
      raise();
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.seesName("and")) {
      int at = tokens.take().at();
      left = new Expr.And(left, not(), at);
      raise();
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
      raise();
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
    raise();
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
      raise();
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
    raise();
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
      raise();
    }
    return left;
  }

  private Expr power() {
    Expr left = unary();
    while (tokens.seesOperator("**")) {
      Token operator = tokens.take();
      left = new Expr.Binary("**", left, unary(), operator.at());
      raise();
    }
    return left;
  }

  private Expr unary() {
    int outer = height;
    height = 0;
    List<Token> signs = new ArrayList<>();
    while (tokens.seesOperator("-") || tokens.seesOperator("+")) {
      signs.add(tokens.take());
    }
    Expr expr = postfix(primary());
    for (Token sign : signs.reversed()) {
      // Jinja2 lets a call or a subscript behind a signed value apply to the signed value.
      expr = postfix(new Expr.Unary(sign.text().charAt(0), expr, sign.at()));
      raise();
    }
    expr = filtered(expr);
    height = Math.max(outer, height);
    return expr;
  }

  Expr primary() {
    Token token = tokens.take();
    raise();
    return switch (token.type()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expr.Literal(true, token.at());
            case "false", "False" -> new Expr.Literal(false, token.at());
            case "none", "None" -> new Expr.Literal(None.NONE, token.at());
            default -> new Expr.Name(token.text(), new Slot(), token.at());
          };
      case STRING -> strings(token);
      case INTEGER, FLOAT -> new Expr.Literal(token.value(), token.at());
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> {
              Expr inner = tuple(true, true, "");
              tokens.expectOperator(")");
              yield inner;
            }
            case "[" -> new Expr.ListOf(list("]"), token.at());
            case "{" -> dict(token);
            default -> throw unexpected(token);
          };
      default -> throw unexpected(token);
    };
  }

  private TemplateException unexpected(Token token) {
    return tokens.fail("unexpected '" + token.describe() + "'", token);
  }

  private Expr strings(Token first) {
    if (!tokens.current().is(Token.Type.STRING)) {
      return new Expr.Literal(first.text(), first.at());
    }
    StringBuilder text = new StringBuilder(first.text());
    while (tokens.current().is(Token.Type.STRING)) {
      text.append(tokens.take().text());
    }
    return new Expr.Literal(text.toString(), first.at());
  }

  /**
   * One expression, or several with commas between them as a tuple.
   *
   * @param end a name that ends it, or empty
   */
  Expr tuple(boolean conditional, boolean mayBeEmpty, String end) {
    Token begin = tokens.current();
    List<Expr> items = new ArrayList<>();
    boolean several = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (endsTuple(end)) {
        break;
      }
      items.add(conditional ? expression() : unconditional());
      if (!tokens.seesOperator(",")) {
        break;
      }
      several = true;
    }
    if (!several && !items.isEmpty()) {
      return items.getFirst();
    }
    if (!several && !mayBeEmpty) {
      throw tokens.fail(
          "Expected an expression, got '" + tokens.current().describe() + "'", tokens.current());
    }
    raise();
    return new Expr.TupleOf(items, begin.at());
  }

  private boolean endsTuple(String end) {
    Token token = tokens.current();
    return token.is(Token.Type.VARIABLE_END)
        || token.is(Token.Type.BLOCK_END)
        || token.isOperator(")")
        || (!end.isEmpty() && token.isName(end));
  }

  private List<Expr> list(String end) {
    List<Expr> items = new ArrayList<>();
    while (!tokens.seesOperator(end)) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.seesOperator(end)) {
          break;
        }
      }
      items.add(expression());
    }
    tokens.expectOperator(end);
    return items;
  }

  private Expr dict(Token begin) {
    List<Expr> keys = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.seesOperator("}")) {
      if (!keys.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.seesOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      tokens.expectOperator(":");
      values.add(expression());
    }
    tokens.expectOperator("}");
    return new Expr.DictOf(keys, values, begin.at());
  }

  private Expr postfix(Expr base) {
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
      raise();
    }
  }

  private Expr filtered(Expr base) {
    Expr expr = base;
    while (true) {
      if (tokens.seesOperator("|")) {
        expr = filter(expr, false);
      } else if (tokens.seesName("is")) {
        expr = test(expr);
      } else if (tokens.seesOperator("(")) {
        int at = tokens.current().at();
        expr = new Expr.Call(expr, arguments(), at);
        raise();
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
      start = expression();
      if (!tokens.seesOperator(":")) {
        return start;
      }
    }
    tokens.expectOperator(":");
    Expr stop = endsSlice() || tokens.seesOperator(":") ? null : expression();
    Expr step = tokens.skipOperator(":") && !endsSlice() ? expression() : null;
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
        star = expression();
      } else if (ordered && tokens.skipOperator("**")) {
        starStar = expression();
      } else if (ordered && tokens.current().is(Token.Type.NAME) && tokens.look().isOperator("=")) {
        Token name = tokens.take();
        tokens.take();
        if (!names.add(name.text())) {
          throw tokens.fail("keyword argument repeated: " + name.text(), name);
        }
        named.add(expression());
      } else if (ordered && star == null && named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.fail("invalid syntax for function call expression", open);
      }
    }
    tokens.expectOperator(")");
    return new Expr.Arguments(positional, List.copyOf(names), named, star, starStar);
  }

  /** Filters one behind the other. */
  Expr.Filter filter(@Nullable Expr input, boolean begun) {
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
      raise();
    }
    if (filter == null) {
      throw tokens.fail("expected token 'name', got '|'", tokens.current());
    }
    return filter;
  }

  /** Begins a new measure of the height, for an expression that a statement begins with. */
  void begin() {
    height = 0;
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
      if (++nesting > NESTING_LIMIT) {
        throw tooDeep();
      }
      Expr argument = postfix(primary());
      nesting--;
      arguments = new Expr.Arguments(List.of(argument), List.of(), List.of(), null, null);
    }
    raise();
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
