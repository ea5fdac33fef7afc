package dev.finch.engine.grammar;

/**
 * What may be spent on the automata of one request, in steps. Most schemas take thousands. Confined
 * to the one who writes the request's grammar.
 */
final class AutomatonBudget {

  /** A second or so. */
  private static final long MOST = 12_000_000;

  private long spent;

  /**
   * Some steps more.
   *
   * @throws Automaton.TooLargeException where they are too many
   */
  void spend(long steps) {
    spent += steps;
    if (spent > MOST) {
      throw new Automaton.TooLargeException();
    }
  }
}
