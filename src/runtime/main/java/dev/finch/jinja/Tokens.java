package dev.finch.jinja;

import java.util.List;

/** The tokens of a template, read one after the other. */
final class Tokens {

  private final Source source;
  private final List<Token> tokens;
  private int next;

  Tokens(Source source) {
    this.source = source;
    this.tokens = Lexer.tokens(source);
  }

  Token current() {
    return tokens.get(next);
  }

  Token look() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  /** The current token, which is left behind. */
  Token take() {
    Token token = current();
    next = Math.min(next + 1, tokens.size() - 1);
    return token;
  }

  boolean seesOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean seesName(String name) {
    return current().isName(name);
  }

  boolean skipOperator(String operator) {
    boolean seen = seesOperator(operator);
    if (seen) {
      take();
    }
    return seen;
  }

  boolean skipName(String name) {
    boolean seen = seesName(name);
    if (seen) {
      take();
    }
    return seen;
  }

  Token expect(Token.Type type, String description) {
    if (!current().is(type)) {
      throw unexpected(description);
    }
    return take();
  }

  Token expectName() {
    return expect(Token.Type.NAME, "name");
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected(operator);
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected(name);
    }
  }

  private TemplateException unexpected(String expected) {
    Token token = current();
    return token.is(Token.Type.END)
        ? fail("unexpected end of template, expected '" + expected + "'.", token)
        : fail("expected token '" + expected + "', got '" + token.describe() + "'", token);
  }

  TemplateException fail(String reason, Token token) {
    return source.syntax(reason, token.at());
  }
}
