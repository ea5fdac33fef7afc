package dev.finch.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a template's statements. */
final class Parser {

  /** How deeply statements may nest; compiled Jinja2 ends near it too. */
  private static final int NESTING_LIMIT = 100;

  private static final Set<String> INHERITANCE = Set.of("extends", "include", "import", "from");

  private final Source source;
  private final Tokens tokens;
  private final ExpressionParser expressions;
  private final Deque<String> open = new ArrayDeque<>();

  /** Loops around, in the innermost function; 0 where nothing can be broken out of. */
  private int loops;

  Parser(Source source) {
    this.source = source;
    this.tokens = new Tokens(source);
    this.expressions = new ExpressionParser(tokens);
  }

  List<Stmt> template() {
    return statements(Set.of());
  }

  private TemplateException unsupported(String construct, int at) {
    return source.error(
        TemplateException.Kind.UNSUPPORTED,
        "the template uses {% " + construct + " %}, which chat templates cannot: they are one file",
        at);
  }

  /** Statements up to a tag with one of these names, which becomes the current token. */
  private List<Stmt> statements(Set<String> ends) {
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      switch (token.type()) {
        case DATA -> body.add(new Stmt.Text(tokens.take().text()));
        case VARIABLE_BEGIN -> {
          tokens.take();
          expressions.begin();
          body.add(new Stmt.Print(expressions.tuple(true, false, "")));
          tokens.expect(Token.Type.VARIABLE_END, "end of print statement");
        }
        case BLOCK_BEGIN -> {
          tokens.take();
          if (tokens.current().is(Token.Type.NAME) && ends.contains(tokens.current().text())) {
            return body;
          }
          expressions.begin();
          statement(body);
          tokens.expect(Token.Type.BLOCK_END, "end of statement block");
        }
        default -> {
          if (!ends.isEmpty()) {
            throw tokens.fail("Unexpected end of template. " + missing(ends), token);
          }
          return body;
        }
      }
    }
  }

  private String missing(Set<String> ends) {
    String looking =
        "Jinja was looking for the following tags: "
            + String.join(" or ", ends.stream().sorted().map(end -> "'" + end + "'").toList())
            + ".";
    return open.isEmpty()
        ? looking
        : looking + " The innermost block that needs to be closed is '" + open.peek() + "'.";
  }

  /** The rest of a tag, and what stands up to one of these. */
  private List<Stmt> body(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Token.Type.BLOCK_END, "end of statement block");
    return statements(Set.of(ends));
  }

  private List<Stmt> closedBody(String end) {
    List<Stmt> body = body(end);
    tokens.take();
    return body;
  }

  private void statement(List<Stmt> body) {
    Token tag = tokens.current();
    if (!tag.is(Token.Type.NAME)) {
      throw tokens.fail("tag name expected", tag);
    }
    if (INHERITANCE.contains(tag.text())) {
      throw unsupported(tag.text(), tag.at());
    }
    open.push(tag.text());
    if (open.size() > NESTING_LIMIT) {
      throw tokens.fail("statements nest too deeply", tag);
    }
    tokens.take();
    switch (tag.text()) {
      case "for" -> body.add(loop(tag));
      case "if" -> body.add(condition());
      case "set" -> body.add(assignment());
      case "print" -> print(body);
      case "macro" -> body.add(macro());
      case "call" -> body.add(callBlock(tag));
      case "filter" -> {
        Expr.Filter filter = expressions.filters(null, true);
        body.add(new Stmt.FilterBlock(filter, closedBody("endfilter"), new Scope()));
      }
      case "with" -> body.add(with());
      case "autoescape" -> {
        Expr value = expressions.expression();
        body.add(new Stmt.Autoescape(value, closedBody("endautoescape"), new Scope()));
      }
      case "block" -> body.add(block(tag));
      case "generation" -> body.add(generation(tag));
      case "break", "continue" -> {
        if (loops == 0) {
          throw tokens.fail("'" + tag.text() + "' outside loop", tag);
        }
        body.add(tag.isName("break") ? new Stmt.Break(tag.at()) : new Stmt.Continue(tag.at()));
      }
      default -> throw tokens.fail("Encountered unknown tag '" + tag.text() + "'.", tag);
    }
    open.pop();
  }

  private Stmt loop(Token tag) {
    Target target = target(false, "in");
    tokens.expectName("in");
    Expr items = expressions.tuple(false, false, "recursive");
    Expr test = null;
    if (tokens.skipName("if")) {
      expressions.begin();
      test = expressions.expression();
    }
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<Stmt> body = body("endfor", "else");
    loops--;
    List<Stmt> otherwise = tokens.take().isName("else") ? closedBody("endfor") : List.of();
    return new Stmt.For(
        target,
        items,
        test,
        target.copy(),
        recursive,
        body,
        otherwise,
        new Slot(),
        new Scope(),
        new Scope(),
        new Scope(),
        tag.at());
  }

  private Stmt condition() {
    List<Stmt.Branch> branches = new ArrayList<>();
    List<Stmt> otherwise = List.of();
    while (true) {
      expressions.begin();
      Expr test = expressions.tuple(false, false, "");
      branches.add(new Stmt.Branch(test, body("elif", "else", "endif")));
      Token next = tokens.take();
      if (next.isName("elif")) {
        continue;
      }
      if (next.isName("else")) {
        otherwise = closedBody("endif");
      }
      return new Stmt.If(branches, otherwise);
    }
  }

  private Stmt assignment() {
    Target target = target(true, "");
    if (tokens.skipOperator("=")) {
      return new Stmt.Set(target, expressions.tuple(true, false, ""));
    }
    Expr.Filter filter = tokens.seesOperator("|") ? expressions.filters(null, false) : null;
    return new Stmt.SetBlock(target, filter, closedBody("endset"), new Scope());
  }

  private void print(List<Stmt> body) {
    boolean several = false;
    while (!tokens.current().is(Token.Type.BLOCK_END)) {
      if (several) {
        tokens.expectOperator(",");
      }
      several = true;
      body.add(new Stmt.Print(expressions.expression()));
    }
  }

  private Stmt with() {
    List<Target> targets = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.current().is(Token.Type.BLOCK_END)) {
      if (!targets.isEmpty()) {
        tokens.expectOperator(",");
      }
      targets.add(target(false, ""));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(targets, values, closedBody("endwith"), new Scope());
  }

  private Stmt block(Token tag) {
    String name = tokens.expectName().text();
    boolean scoped = tokens.skipName("scoped");
    boolean required = tokens.skipName("required");
    int outside = loops;
    loops = 0;
    List<Stmt> body = closedBody("endblock");
    loops = outside;
    tokens.skipName(name);
    return new Stmt.Block(name, scoped, required, body, new Scope(), new ArrayList<>(), tag.at());
  }

  private Stmt macro() {
    Token name = tokens.expectName();
    List<Target.Variable> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    signature(parameters, defaults);
    Stmt.Function function = function(name.text(), name.at(), parameters, defaults, "endmacro");
    return new Stmt.Macro(new Target.Variable(name.text(), new Slot(), name.at()), function);
  }

  private void signature(List<Target.Variable> parameters, List<Expr> defaults) {
    Set<String> names = new HashSet<>();
    tokens.expectOperator("(");
    while (!tokens.seesOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      Token name = tokens.expectName();
      if (!names.add(name.text())) {
        throw tokens.fail("duplicate argument '" + name.text() + "'", name);
      }
      parameters.add(new Target.Variable(name.text(), new Slot(), name.at()));
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.fail("non-default argument follows default argument", name);
      }
    }
    tokens.expectOperator(")");
  }

  private Stmt.Function function(
      String name, int at, List<Target.Variable> parameters, List<Expr> defaults, String end) {
    int outside = loops;
    loops = 0;
    List<Stmt> body = closedBody(end);
    loops = outside;
    return new Stmt.Function(
        name, parameters, defaults, body, new Slot(), new Slot(), new Slot(), new Scope(), at);
  }

  private Stmt callBlock(Token tag) {
    List<Target.Variable> parameters = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    if (tokens.seesOperator("(")) {
      signature(parameters, defaults);
    }
    Expr expr = expressions.expression();
    if (!(expr instanceof Expr.Call call)) {
      throw tokens.fail("expected call", tag);
    }
    return new Stmt.CallBlock(
        call, function("", tag.at(), parameters, defaults, "endcall"), tag.at());
  }

  private Stmt generation(Token tag) {
    return new Stmt.CallBlock(
        null, function("", tag.at(), List.of(), List.of(), "endgeneration"), tag.at());
  }

  private Target target(boolean members, String end) {
    if (members && tokens.look().isOperator(".")) {
      Token name = tokens.expectName();
      tokens.take();
      Token member = tokens.expectName();
      Expr.Name namespace = new Expr.Name(name.text(), new Slot(), name.at());
      return new Target.Member(namespace, member.text(), name.at());
    }
    Token begin = tokens.current();
    List<Target> items = new ArrayList<>();
    boolean several = false;
    while (!endsTarget(end)) {
      items.add(target(expressions.operand()));
      if (!tokens.skipOperator(",")) {
        break;
      }
      several = true;
    }
    if (items.isEmpty()) {
      throw tokens.fail("Expected an expression, got '" + begin.describe() + "'", begin);
    }
    return several ? new Target.Several(items, begin.at()) : items.getFirst();
  }

  private boolean endsTarget(String end) {
    Token token = tokens.current();
    return token.is(Token.Type.BLOCK_END)
        || token.isOperator(")")
        || token.isOperator("=")
        || (!end.isEmpty() && token.isName(end));
  }

  private Target target(Expr expr) {
    return switch (expr) {
      case Expr.Name name -> new Target.Variable(name.id(), name.slot(), name.at());
      case Expr.TupleOf tuple ->
          new Target.Several(tuple.items().stream().map(this::target).toList(), tuple.at());
      default -> throw source.syntax("can't assign to this expression", expr.at());
    };
  }
}
