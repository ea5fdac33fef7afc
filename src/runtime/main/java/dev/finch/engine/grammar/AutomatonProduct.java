package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Two automata that are followed together. */
final class AutomatonProduct {

  /** Which texts are accepted. */
  enum Way {
    BOTH,
    FIRST_ONLY,
    EITHER;

    boolean accepts(boolean first, boolean second) {
      return switch (this) {
        case BOTH -> first && second;
        case FIRST_ONLY -> first && !second;
        case EITHER -> first || second;
      };
    }

    boolean isDead(boolean first, boolean second) {
      return switch (this) {
        case BOTH -> first || second;
        case FIRST_ONLY -> first;
        case EITHER -> first && second;
      };
    }
  }

  private final Automaton first;
  private final Automaton second;

  /** Where an interval of either begins, and the class of each. */
  private final int[] starts;

  private final int[] classes;

  /** A class of the first and one of the second for each class. */
  private final StatePairs pairs = new StatePairs();

  private AutomatonProduct(Automaton first, Automaton second) {
    this.first = first;
    this.second = second;
    starts =
        IntStream.concat(Arrays.stream(first.starts()), Arrays.stream(second.starts()))
            .sorted()
            .distinct()
            .toArray();
    classes =
        Arrays.stream(starts)
            .map(start -> pairs.number(first.classAt(start), second.classAt(start)))
            .toArray();
  }

  static Automaton of(Automaton first, Automaton second, Way way) {
    return new AutomatonProduct(first, second).automaton(way);
  }

  private Automaton automaton(Way way) {
    StatePairs states = new StatePairs();
    states.number(0, 0);
    List<int[]> rows = new ArrayList<>();
    BitSet ends = new BitSet();
    for (int at = 0; at < states.size(); at++) {
      int mine = states.first(at);
      int theirs = states.second(at);
      ends.set(at, way.accepts(first.accepts(mine), second.accepts(theirs)));
      int[] row = new int[pairs.size()];
      for (int c = 0; c < row.length; c++) {
        int a = first.afterClass(mine, pairs.first(c));
        int b = second.afterClass(theirs, pairs.second(c));
        row[c] = way.isDead(a < 0, b < 0) ? Automaton.DEAD : states.number(a, b);
      }
      rows.add(row);
    }
    return new Automaton(starts, classes, rows.toArray(int[][]::new), ends).live();
  }
}
