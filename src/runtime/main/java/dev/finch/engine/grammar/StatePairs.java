package dev.finch.engine.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers for pairs of states, in the order in which they are found. Confined to one thread. */
final class StatePairs {

  private final Map<Long, Integer> numbers = new HashMap<>();
  private final List<Long> pairs = new ArrayList<>();

  /**
   * The pair's number.
   *
   * @throws Automaton.TooLargeException where there are too many
   */
  int number(int first, int second) {
    long pair = (long) first << Integer.SIZE | (second & 0xFFFFFFFFL);
    return numbers.computeIfAbsent(
        pair,
        added -> {
          if (pairs.size() >= Automaton.MAX_STATES) {
            throw new Automaton.TooLargeException();
          }
          pairs.add(added);
          return pairs.size() - 1;
        });
  }

  int size() {
    return pairs.size();
  }

  int first(int number) {
    return (int) (pairs.get(number) >> Integer.SIZE);
  }

  int second(int number) {
    return pairs.get(number).intValue();
  }
}
