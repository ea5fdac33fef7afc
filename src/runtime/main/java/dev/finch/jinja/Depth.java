package dev.finch.jinja;

/**
 * How deep the parser has gone into one expression. The parser recurses for each bracket, and
 * whoever walks the tree recurses for each of its levels; both are bounded here.
 */
final class Depth {

  /** How deeply brackets, calls and signs may nest; Jinja2 itself gives up near 75. */
  private static final int NESTING_LIMIT = 120;

  /** How high the tree of one expression may become; each link of a chain is a level. */
  private static final int HEIGHT_LIMIT = 400;

  private final Tokens tokens;
  private int nesting;

  /** The height of what was read since the innermost expression began. */
  private int height;

  Depth(Tokens tokens) {
    this.tokens = tokens;
  }

  /** A bracket opens. */
  void enter() {
    if (++nesting > NESTING_LIMIT) {
      throw tooDeep();
    }
  }

  /** The bracket is closed. */
  void leave() {
    nesting--;
  }

  /** Begins a new measure of the height; gives the one so far, for {@link #end}. */
  int begin() {
    int outer = height;
    height = 0;
    return outer;
  }

  /** Ends the measure that began with {@code outer}: the higher of both counts on. */
  void end(int outer) {
    height = Math.max(outer, height);
  }

  /** The tree grew by a level. */
  void raise() {
    if (++height > HEIGHT_LIMIT) {
      throw tooDeep();
    }
  }

  private TemplateException tooDeep() {
    return tokens.fail("the expression nests too deeply", tokens.current());
  }
}
