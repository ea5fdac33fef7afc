package dev.finch.engine.grammar;

import java.util.List;

/** A regular expression of ECMA-262, as JSON Schema's {@code pattern} has them. */
sealed interface Regex {

  /** Any text. */
  Regex ANYTHING =
      new Repeat(
          new Chars(CharacterSet.of(0, Character.MAX_CODE_POINT)), 0, Symbol.Repetition.UNBOUNDED);

  /** One of these code points. */
  record Chars(CharacterSet set) implements Regex {}

  /** One after the other. */
  record Sequence(List<Regex> parts) implements Regex {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of these. */
  record Choice(List<Regex> ways) implements Regex {
    public Choice {
      ways = List.copyOf(ways);
    }
  }

  /**
   * The same several times.
   *
   * @param max {@link Symbol.Repetition#UNBOUNDED} for any number
   */
  record Repeat(Regex part, int min, int max) implements Regex {}

  /** A place between two characters. */
  enum Edge implements Regex {
    START,
    END,
    BOUNDARY,
    NO_BOUNDARY
  }

  /** What must follow, or stand before, or must not. */
  record Look(Regex part, boolean ahead, boolean negative) implements Regex {}

  /** A symbol without references, as a regular expression. */
  static Regex of(Symbol symbol) {
    return switch (symbol) {
      case Symbol.Literal literal ->
          new Sequence(
              literal
                  .text()
                  .codePoints()
                  .mapToObj(point -> (Regex) new Chars(CharacterSet.of(point, point)))
                  .toList());
      case Symbol.CharacterClass many -> {
        CharacterSet set = CharacterSet.of(many.ranges());
        yield new Chars(many.negated() ? set.inverse() : set);
      }
      case Symbol.Sequence sequence ->
          new Sequence(sequence.symbols().stream().map(Regex::of).toList());
      case Symbol.Choice choice ->
          new Choice(choice.alternatives().stream().map(Regex::of).toList());
      case Symbol.Repetition repetition ->
          new Repeat(of(repetition.symbol()), repetition.min(), repetition.max());
      case Symbol.Reference reference ->
          throw new IllegalArgumentException("rule: " + reference.rule());
    };
  }
}
