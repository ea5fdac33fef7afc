package dev.finch.engine.grammar;

import java.util.List;

/** What a rule of a grammar is made of. */
sealed interface Symbol {

  /** This text. */
  record Literal(String text) implements Symbol {}

  /** One code point of these ranges, or, negated, one of none of them. */
  record CharacterClass(List<Range> ranges, boolean negated) implements Symbol {
    public CharacterClass {
      ranges = List.copyOf(ranges);
    }

    /** Whether the class holds a code point. */
    boolean holds(int codePoint) {
      return negated
          != ranges.stream()
              .anyMatch(range -> range.first() <= codePoint && codePoint <= range.last());
    }
  }

  /** Code points from the first to the last, both included. */
  record Range(int first, int last) {}

  /** Another rule. */
  record Reference(String rule, int position) implements Symbol {}

  /** One after the other. */
  record Sequence(List<Symbol> symbols) implements Symbol {
    public Sequence {
      symbols = List.copyOf(symbols);
    }
  }

  /** One of these. */
  record Choice(List<Symbol> alternatives) implements Symbol {
    public Choice {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * The same several times.
   *
   * @param max {@link #UNBOUNDED} for any number
   */
  record Repetition(Symbol symbol, int min, int max) implements Symbol {
    static final int UNBOUNDED = -1;
  }
}
