package dev.finch.jinja;

import java.util.ArrayList;
import java.util.List;

/** Reads operands: names, literals, lists, dictionaries, tuples and what stands in brackets. */
final class OperandParser {

  private final Tokens tokens;
  private final Depth depth;
  private final ExpressionParser expressions;

  OperandParser(Tokens tokens, Depth depth, ExpressionParser expressions) {
    this.tokens = tokens;
    this.depth = depth;
    this.expressions = expressions;
  }

  Expr operand() {
    Token token = tokens.take();
    depth.raise();
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
      items.add(conditional ? expressions.expression() : expressions.unconditional());
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
    depth.raise();
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
      items.add(expressions.expression());
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
      keys.add(expressions.expression());
      tokens.expectOperator(":");
      values.add(expressions.expression());
    }
    tokens.expectOperator("}");
    return new Expr.DictOf(keys, values, begin.at());
  }
}
